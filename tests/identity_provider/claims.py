"""What the provider says of its people."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator


class Validator(OAuth2Validator):  # type: ignore[misc]
    """`email_verified` is told as it was set. A `quiet` provider gives the email on request only."""

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        person = request.user
        return {"email": person.email, "email_verified": person.last_name != "unverified"}

    def get_id_token_dictionary(self, token: Any, token_handler: Any, request: Any) -> Any:
        claims, expires = super().get_id_token_dictionary(token, token_handler, request)
        if request.client.name == "quiet":
            del claims["email"], claims["email_verified"]
        return claims, expires
