"""stub"""


def import_orders(session, file, now):
    raise NotImplementedError
