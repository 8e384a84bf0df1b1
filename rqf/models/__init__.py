"""The tables. Importing this package makes every table known to ``Model.metadata``."""

from rqf.models.audit import AuditEntry
from rqf.models.equivalences import Equivalence, EquivalenceDecision
from rqf.models.frameworks import (
    CodeSystem,
    Country,
    DescriptorDomain,
    Framework,
    FrameworkEdition,
    Level,
    LevelDescriptor,
    Referencing,
    Sector,
    Synonym,
)
from rqf.models.imports import ImportBatch, ImportFile, ImportProfile, ImportRow
from rqf.models.mappings import LevelMapping, MappingDecision, Placement
from rqf.models.people import Account, ApiKey, RoleGrant, SignInAttempt, WebSession
from rqf.models.qualifications import (
    AwardingBody,
    CatalogueChange,
    LearningOutcome,
    Qualification,
    QualificationVersion,
    Replacement,
    Unit,
    VersionUnit,
)
from rqf.models.statements import (
    IssueAttempt,
    SigningKey,
    Statement,
    StatementPrint,
    StatementWithdrawal,
)
from rqf.models.tables import Model

__all__ = [
    "Account",
    "ApiKey",
    "AuditEntry",
    "AwardingBody",
    "CatalogueChange",
    "CodeSystem",
    "Country",
    "DescriptorDomain",
    "Equivalence",
    "EquivalenceDecision",
    "Framework",
    "FrameworkEdition",
    "ImportBatch",
    "ImportFile",
    "ImportProfile",
    "ImportRow",
    "IssueAttempt",
    "LearningOutcome",
    "Level",
    "LevelDescriptor",
    "LevelMapping",
    "MappingDecision",
    "Model",
    "Placement",
    "Qualification",
    "QualificationVersion",
    "Referencing",
    "Replacement",
    "RoleGrant",
    "Sector",
    "SignInAttempt",
    "SigningKey",
    "Statement",
    "StatementPrint",
    "StatementWithdrawal",
    "Synonym",
    "Unit",
    "VersionUnit",
    "WebSession",
]
