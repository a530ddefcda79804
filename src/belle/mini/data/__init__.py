"""The embedded conversations, texts and questions, generated from a small world of people, places and things."""
