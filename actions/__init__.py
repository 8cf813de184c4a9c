"""The assistant's custom actions: slots in, a casework or policy call, reply and events out.

- `matters`: what customers can bring, by intent and by title
- `turn`: what one action is handed: the conversation, the database, the day, the policy
- `standing`: where a matter stands: who is verified, what is decided, what to ask next
- `answers`: what a customer's message says in answer to a question
- `form`: the one form; `questions`: how it asks; `settle`: what happens at its end
- `replies`: decisions in the customer's words; `status`: where an order or a case stands
- `conversation`: everything between matters
- `human`: handing over to a person
- `server`: the action server, for who holds its token
"""
