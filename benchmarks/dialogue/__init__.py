"""The dialogue as a whole: simulated customers with goals, tempers and ways of writing.

They are played against the trained model and the real actions, on a frozen day. `goals` says what
they come for and what the policy gives them, `customer` how they talk, `questions` how they read a
reply, `play` what happened, `report` the figures. Their words are in `goals.yml` and `phrases.yml`.
"""
