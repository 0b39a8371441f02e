"""Notices: what we tell people.

Owns Message, an outbox: a message is stored in the transaction of its cause and sent later by
`flask worker` over SMTP. Mails name no treatment and no health fact; words live in
`templates/notices/`, what a message needs to be written lies sealed in its row.
"""
