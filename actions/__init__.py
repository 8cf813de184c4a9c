"""The assistant's one action: a message is read in its conversation, and answered.

- `reply`: the action; `turn`: what it is handed: conversation, database, day, policy
- `records`: what the shop's records hold of the conversation, each read once a message
- `scene`: what is on the table; `moves`: what a message can do; `reading`: what this one does
- `identity`: whose order it is; `answers`: what a message says in answer to a question
- `matters`: what customers can bring; `in_hand`: the matter being settled, from begin to leave
- `standing`: where it stands: who is verified, what is decided, what to ask; `questions`: how
- `settle`: what happens at its end; `status`, `withdrawal`: an order's or a case's standing
- `offers`, `offering`: what is put to the customer; `several`: two matters in one message
- `subject`: questions about what was just said; `topics`: about the policy; `later`: more to add
- `talk`: everything between matters; `human`: handing over to a person
- `unclear`: what was not understood, noted for training
- `server`: the action server, for who holds its token
"""
