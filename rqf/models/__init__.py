"""The tables. Importing this package makes every table known to ``Model.metadata``."""

from rqf.models.audit import AuditEntry
from rqf.models.batches import BatchLookup, BatchRow
from rqf.models.equivalence_proposals import (
    EquivalenceEnding,
    EquivalenceProposal,
    Evidence,
    OutcomePair,
    ProposalWord,
)
from rqf.models.equivalences import Equivalence, EquivalenceDecision
from rqf.models.findings import Finding, FindingVersion
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
from rqf.models.quality import QualityTally, VersionQuality
from rqf.models.queueing import Appeal, QueuePlace
from rqf.models.rounds import (
    Absence,
    Assignment,
    ReviewRound,
    RoundItem,
    RoundPlacement,
    RoundReviewer,
)
from rqf.models.statements import (
    IssueAttempt,
    SigningKey,
    Statement,
    StatementPrint,
    StatementWithdrawal,
)
from rqf.models.tables import Model
from rqf.models.work import Job

__all__ = [
    "Absence",
    "Account",
    "ApiKey",
    "Appeal",
    "Assignment",
    "AuditEntry",
    "AwardingBody",
    "BatchLookup",
    "BatchRow",
    "CatalogueChange",
    "CodeSystem",
    "Country",
    "DescriptorDomain",
    "Equivalence",
    "EquivalenceDecision",
    "EquivalenceEnding",
    "EquivalenceProposal",
    "Evidence",
    "Finding",
    "FindingVersion",
    "Framework",
    "FrameworkEdition",
    "ImportBatch",
    "ImportFile",
    "ImportProfile",
    "ImportRow",
    "IssueAttempt",
    "Job",
    "LearningOutcome",
    "Level",
    "LevelDescriptor",
    "LevelMapping",
    "MappingDecision",
    "Model",
    "OutcomePair",
    "Placement",
    "ProposalWord",
    "Qualification",
    "QualificationVersion",
    "QualityTally",
    "QueuePlace",
    "Referencing",
    "Replacement",
    "ReviewRound",
    "RoleGrant",
    "RoundItem",
    "RoundPlacement",
    "RoundReviewer",
    "Sector",
    "SignInAttempt",
    "SigningKey",
    "Statement",
    "StatementPrint",
    "StatementWithdrawal",
    "Synonym",
    "Unit",
    "VersionQuality",
    "VersionUnit",
    "WebSession",
]
