"""The policy as schema.org MerchantReturnPolicy, for search engines and shopping sites."""

from typing import Any

from policy_core.model import Policy

_SCHEMA = "https://schema.org"


def merchant_return_policy(policy: Policy) -> dict[str, Any]:
    """The JSON-LD of this version. What the text leaves open (who pays ordinary return shipping,
    how the label is delivered) is left out.
    """
    percent = policy.number("restocking_fee_percent_max")
    return {
        "@context": _SCHEMA,
        "@type": "MerchantReturnPolicy",
        "@id": f"#return-policy-{policy.version}",
        "name": f"Return & Refund Policy of {policy.seller}, version {policy.version}",
        "applicableCountry": "US",
        "returnPolicyCategory": f"{_SCHEMA}/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": policy.days("filing_window_days"),
        "refundType": f"{_SCHEMA}/FullRefund",
        "itemDefectReturnFees": f"{_SCHEMA}/FreeReturn",
        "customerRemorseReturnFees": f"{_SCHEMA}/RestockingFees",
        "restockingFee": float(percent) if percent % 1 else int(percent),
        "additionalProperty": [
            {
                "@type": "PropertyValue",
                "propertyID": name,
                "name": policy.clause(number.clause).title,
                "value": str(number.value),
                "unitText": number.unit,
                "description": policy.clause(number.clause).summary,
            }
            for name, number in policy.numbers.items()
        ],
    }
