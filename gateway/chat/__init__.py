"""The customers' chat: the page, its stream, their pictures, what they can take along."""
