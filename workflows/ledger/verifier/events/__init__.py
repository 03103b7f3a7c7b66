"""What events say: their kinds and fields, the contents and words they bind, the posts they give."""
