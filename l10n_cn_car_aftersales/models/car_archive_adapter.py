from datetime import date

import requests

from odoo import api, models

# A server that does not answer is down; one that answers too late may have the record
DOWN = (requests.exceptions.ConnectionError, requests.exceptions.ConnectTimeout)
ANSWER_CHARS = 5000


class CarArchiveAdapter(models.AbstractModel):
    """How a province takes records of the electronic repair archive.

    Each province names its adapter in ``_get_adapters``; one that speaks otherwise
    inherits from the standard and overrides a request or the reading of an answer.
    """

    _name = "car.archive.adapter"
    _description = "Connection to the Electronic Repair Archive"

    # === BUSINESS METHODS === #

    @api.model
    def _get_adapters(self):
        """Map the code of each province to its adapter. Extend with ``super()``."""
        return {"standard": "car.archive.adapter.standard"}

    @api.model
    def _get_provinces(self):
        """Return code and name of each province that has an adapter. Extend as well."""
        return [("standard", self.env._("Standard Protocol"))]

    @api.model
    def _get_for(self, company):
        """Return the adapter of a company's province, else the standard."""
        adapters = self._get_adapters()
        name = adapters.get(company.car_archive_province) or adapters["standard"]
        return self.env[name].with_company(company)

    def _deliver(self, record, session):
        """Send one record.

        :param dict session: what the records of a batch share, as the token;
            ``is_down`` is set when the server cannot be reached
        :return: dict of ``state``, ``text`` and ``answer``
        """
        raise NotImplementedError

    def _prepare_body(self, record):
        """Return the frozen content as this server wants it: number and days."""
        body = dict(record.payload)
        basic = dict(body.get("basicInfo", {}))
        basic["costlistcode"] = record.upload_number
        pattern = record.company_id.car_archive_date_format or "%Y-%m-%d"
        for name in ("repairdate", "settledate"):
            if basic.get(name):
                basic[name] = date.fromisoformat(basic[name]).strftime(pattern)
        return {**body, "basicInfo": basic}


class CarArchiveAdapterStandard(models.AbstractModel):
    """The standard protocol: a token for code and password, then one record a call."""

    _name = "car.archive.adapter.standard"
    _inherit = "car.archive.adapter"
    _description = "Electronic Repair Archive: Standard Protocol"

    # === BUSINESS METHODS === #

    def _deliver(self, record, session):
        company = record.company_id
        try:
            if not session.get("token"):
                session["token"] = self._fetch_token(company)
            response = self._upload(record, session["token"])
            if self._is_token_expired(company, response):
                session["token"] = self._fetch_token(company)
                response = self._upload(record, session["token"])
        except _Refused as refusal:
            # No token, no record: wait for codes and password to be put right.
            session["is_down"] = True
            return {"state": "failed", "text": str(refusal), "answer": refusal.answer}
        except requests.exceptions.ReadTimeout:
            text = self.env._("The server does not answer in time.")
            return {"state": "sent", "text": text}
        except DOWN as error:
            session["is_down"] = True
            text = self.env._(
                "The server cannot be reached: %(error)s", error=str(error)
            )
            return {"state": "failed", "text": text}
        return self._read_answer(company, response)

    def _fetch_token(self, company):
        """Return a fresh token.

        :raise _Refused: with the words of the server
        """
        response = self._request(company, "token", self._prepare_login(company))
        token = self._get_json(response).get("access_token")
        if not response.ok or not token:
            raise _Refused(
                self.env._(
                    "No access token: %(answer)s", answer=self._get_words(response)
                ),
                response.text[:ANSWER_CHARS],
            )
        return token

    def _prepare_login(self, company):
        # Safe: sent to the authority's server only.
        secret = company.sudo()
        return {
            "companycode": secret.car_archive_code or "",
            "companypassword": secret.car_archive_password or "",
        }

    def _upload(self, record, token):
        body = {"access_token": token, **self._prepare_body(record)}
        return self._request(record.company_id, "upload", body)

    def _request(self, company, step, body):
        """Post to the server, never to where it points on."""
        path = (
            company.car_archive_token_path
            if step == "token"
            else company.car_archive_upload_path
        )
        url = f"{company.car_archive_url.rstrip('/')}/{(path or '').lstrip('/')}"
        return requests.post(
            url,
            json=body,
            timeout=company.car_archive_timeout or 10,
            allow_redirects=False,
        )

    def _get_json(self, response):
        try:
            answer = response.json()
        except ValueError:
            return {}
        return answer if isinstance(answer, dict) else {}

    def _get_words(self, response):
        """Return what the server says, in its own words."""
        answer = self._get_json(response)
        said = [
            str(answer[name])
            for name in ("code", "status", "message", "msg")
            if answer.get(name) not in (None, "")
        ]
        words = " ".join(said) or response.text.strip()[:200]
        return f"{words} (HTTP {response.status_code})"

    def _is_token_expired(self, company, response):
        if response.status_code in (401, 403):
            return True
        code = str(self._get_json(response).get("code", ""))
        return bool(code) and code in company._get_archive_codes("token")

    def _read_answer(self, company, response):
        """Return what an answer means: 5xx is tried again, anything else is told."""
        result = {
            "text": self._get_words(response),
            "answer": response.text[:ANSWER_CHARS],
        }
        code = str(self._get_json(response).get("code", ""))
        if response.ok and code in company._get_archive_codes("ok"):
            return {**result, "state": "accepted"}
        if response.status_code >= 500 or response.status_code in (401, 403, 408, 429):
            return {**result, "state": "failed"}
        return {**result, "state": "refused"}


class _Refused(Exception):
    """The server gives no token."""

    def __init__(self, text, answer):
        super().__init__(text)
        self.answer = answer
