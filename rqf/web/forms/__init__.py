"""The forms of the desks: what is asked, and what is said when an answer is wrong."""
