"""The eleven document types of the sample practice, each with the layouts that it comes in."""

from collections.abc import Mapping
from dataclasses import replace

from muniment.sample.forms.bargain import PURCHASE_CONTRACT
from muniment.sample.forms.closing import LETTER_OF_UNDERTAKING, STATEMENT_OF_ADJUSTMENTS
from muniment.sample.forms.form import FIELDS, SOMETIMES, Form
from muniment.sample.forms.held_out import HELD_OUT
from muniment.sample.forms.lending import DISCHARGE, MORTGAGE
from muniment.sample.forms.property import ESTOPPEL_CERTIFICATE, REAL_PROPERTY_REPORT, TAX_CERTIFICATE
from muniment.sample.forms.registry import CAVEAT, CERTIFICATE_OF_TITLE, TRANSFER_OF_LAND
from muniment.sample.forms.varied import DRAWN, RARE

FORMS: Mapping[str, Form] = {
    form.document_type: replace(
        form,
        layouts=(*form.layouts, *DRAWN[form.document_type]),
        rare=RARE[form.document_type],
        held_out=HELD_OUT[form.document_type],
    )
    for form in (
        CERTIFICATE_OF_TITLE,
        PURCHASE_CONTRACT,
        TRANSFER_OF_LAND,
        MORTGAGE,
        TAX_CERTIFICATE,
        REAL_PROPERTY_REPORT,
        STATEMENT_OF_ADJUSTMENTS,
        CAVEAT,
        DISCHARGE,
        ESTOPPEL_CERTIFICATE,
        LETTER_OF_UNDERTAKING,
    )
}

__all__ = ["FIELDS", "FORMS", "SOMETIMES", "Form"]
