"""Which column of a list of people is which? By its header, in English or Spanish, and by nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

# Our field: the headers (folded, without blanks) that mean it. The first column that matches a field has it;
# `phone` and `email` may have several.
HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id", "recid", "recordid", "uniqueid", "leadid", "personid", "contactid", "uuid", "key"),
    "given": ("firstname", "givenname", "given", "forename", "first", "fname", "nombre", "nombres", "primernombre"),
    "family": (
        "lastname", "surname", "familyname", "family", "last", "lname", "apellido", "apellidos", "primerapellido",
    ),
    "middle": ("middlename", "middle", "middleinitial", "mi", "segundonombre"),
    "suffix": ("suffix", "namesuffix", "generation"),
    "full_name": ("fullname", "name", "contactname", "customername", "nombrecompleto", "firstandsurname"),
    "birth_date": (
        "birthdate", "dateofbirth", "dob", "birthday", "born", "fechadenacimiento", "nacimiento", "fechanacimiento",
    ),
    "born_year": ("birthyear", "yearofbirth", "bornyear", "anodenacimiento"),
    "age": ("age", "patientage", "edad"),
    "received": ("receivedat", "received", "receiveddate", "createdat", "createdtime", "submittedat", "fecha"),
    "sex": ("sex", "gender", "sexo", "genero"),
    "phone": (
        "phone", "phonenumber", "telephone", "tel", "mobile", "mobilephone", "cell", "cellphone", "homephone",
        "workphone",         "phone1", "phone2", "telefono", "celular", "movil", "numerodetelefono",
    ),
    "email": ("email", "emailaddress", "mail", "email1", "email2", "correo", "correoelectronico"),
    "address": (
        "address", "streetaddress", "street", "address1", "addressline1", "addr1", "mailingaddress", "direccion",
        "domicilio", "calle",
    ),
    "house": ("streetnumber", "housenumber", "house", "numero", "housenum"),
    "place": ("address2", "addressline2", "addr2", "unit", "apt", "apartment", "suite"),
    "city": ("city", "town", "suburb", "locality", "ciudad", "localidad", "municipio", "birthplace"),
    "zip": ("zip", "zipcode", "postcode", "postalcode", "postal", "codigopostal", "cp", "postcodefake"),
    "state": ("state", "province", "region", "estado", "provincia"),
    "asks_for": ("asksfor", "relationship", "relationshiptopatient"),
    "patient_given": ("patientfirstname", "patientgivenname", "childfirstname", "nombredelpaciente"),
    "patient_family": ("patientlastname", "patientsurname", "patientfamilyname", "childlastname",
                       "apellidodelpaciente"),
    "patient_full_name": ("patientfullname", "patientname", "patient", "childname", "paciente"),
    "patient_birth_date": ("patientbirthdate", "patientdateofbirth", "patientdob", "childdob"),
}  # fmt: skip
SEVERAL: Final = ("phone", "email")


def _folded(header: str) -> str:
    letters = unicodedata.normalize("NFKD", header)
    return re.sub(r"[^a-z0-9]", "", "".join(c for c in letters if not unicodedata.combining(c)).lower())


_FIELD_OF: Final = {header: field for field, headers in HEADERS.items() for header in headers}


def columns(headers: Iterable[str], *, ignore: Iterable[str] = ()) -> dict[str, str]:
    """Header -> our field, for the headers that mean one. `ignore`: headers never read (they hold the truth)."""
    left_out = {header.casefold() for header in ignore}
    mapping: dict[str, str] = {}
    for header in headers:
        field = _FIELD_OF.get(re.sub(r"(?<=phone|email)\d$", "", _folded(header)), _FIELD_OF.get(_folded(header)))
        if field is None or header.casefold() in left_out:
            continue
        if field in SEVERAL or field not in mapping.values():
            mapping[header] = field
    return mapping
