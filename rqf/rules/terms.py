"""The words of the field as enumerations: what a record can be, and who can do what."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may do, always within a scope (a country, or the region)."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    SECRETARIAT = "secretariat"


class Scope(StrEnum):
    """What a framework covers."""

    NATIONAL = "national"
    REGIONAL = "regional"
    EXTERNAL = "external"


class FrameworkKind(StrEnum):
    """A framework classifies qualifications; a standards system grades occupational standards."""

    QUALIFICATIONS_FRAMEWORK = "qualifications_framework"
    STANDARDS_SYSTEM = "standards_system"


class EditionStatus(StrEnum):
    """How official an edition of a framework is."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    RETIRED = "retired"


class ReferencingStatus(StrEnum):
    """How far a national level's referencing has been agreed."""

    PROPOSED = "proposed"
    UNDER_REVIEW = "under_review"
    ENDORSED = "endorsed"
    WITHDRAWN = "withdrawn"


class QualificationType(StrEnum):
    """What kind of record it is. Types are never mixed silently: a certificate of a standard is no title."""

    QUALIFICATION = "qualification"
    SECTOR_QUALIFICATION = "sector_qualification"
    TRAINING_PROGRAMME = "training_programme"
    OCCUPATIONAL_STANDARD = "occupational_standard"


class VersionStatus(StrEnum):
    """Where a version of a qualification is in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


class MappingStatus(StrEnum):
    """Where a level mapping is in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    ENDORSED = "endorsed"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class MappingStep(StrEnum):
    """What a person does with a level mapping."""

    SUBMIT = "submit"
    OPEN = "open"
    ENDORSE = "endorse"
    RETURN = "return"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"


class Judgement(StrEnum):
    """What people decide on, each with a life cycle."""

    LEVEL_MAPPING = "level_mapping"
    UNIT_ALIGNMENT = "unit_alignment"
    EQUIVALENCE = "equivalence"


class Reopening(StrEnum):
    """How a new record starts from one that has been decided or withdrawn."""

    APPEAL = "appeal"
    REVISION = "revision"


class RoundMode(StrEnum):
    """Whether one reviewer decides on a proposal, or two place a qualification without seeing each other."""

    SINGLE = "single"
    DOUBLE = "double"


class ItemStatus(StrEnum):
    """Where a qualification of a round with double mapping is."""

    PLACING = "placing"
    RECONCILING = "reconciling"
    DONE = "done"


class Part(StrEnum):
    """What a reviewer does in a round."""

    DECISION = "decision"
    PLACEMENT = "placement"
    RECONCILIATION = "reconciliation"


class AssignmentStatus(StrEnum):
    """Whether a reviewer still has to do what was assigned; released work is in the pool again."""

    OPEN = "open"
    DONE = "done"
    RELEASED = "released"


class Conclusion(StrEnum):
    """What a decided equivalence says."""

    FULL = "full"
    PARTIAL = "partial"
    CONDITIONAL = "conditional"
    NONE = "none"
    UNDETERMINED = "undetermined"


class EquivalenceStatus(StrEnum):
    """Whether an equivalence still stands."""

    ENDORSED = "endorsed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Reach(StrEnum):
    """For whom an equivalence counts: nobody yet, the two countries, or the region."""

    OPEN = "open"
    BILATERAL = "bilateral"
    REGIONAL = "regional"


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    PROGRAMME = "programme"
    STANDARD = "standard"
    LEGAL_ACT = "legal_act"
    STUDY = "study"
    OTHER = "other"


class Relation(StrEnum):
    """How somebody judged two outcomes, A to B, in the words of SKOS."""

    EXACT = "exact"
    CLOSE = "close"
    #: A says more than B.
    BROAD = "broad"
    #: A says less than B.
    NARROW = "narrow"
    RELATED = "related"
    #: They have nothing to do with each other, and are never suggested again.
    REFUSED = "refused"
    #: An outcome has no counterpart on the other side.
    NONE = "none"


class Element(StrEnum):
    """The five elements on which two qualifications are compared (EAR manual, chapter 5)."""

    LEVEL = "level"
    WORKLOAD = "workload"
    QUALITY = "quality"
    PROFILE = "profile"
    OUTCOMES = "outcomes"


class Difference(StrEnum):
    """How large a difference on one element is; unknown when a side lacks the fact."""

    NONE = "none"
    MINOR = "minor"
    SUBSTANTIAL = "substantial"
    UNKNOWN = "unknown"


class OutcomeDomain(StrEnum):
    """The regional framework's sample domains, by which learning outcomes are sorted."""

    KNOWLEDGE = "knowledge"
    SKILLS = "skills"
    APPLICATION = "application"


class Verification(StrEnum):
    """How well a fact taken over from a public source was confirmed."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"


class BatchStatus(StrEnum):
    """Where an imported file is on its way into the register."""

    READ = "read"
    CHECKED = "checked"
    APPLIED = "applied"
    UNDONE = "undone"


class RowVerdict(StrEnum):
    """What a row of an imported file means for the register."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"
    DISAPPEARED = "disappeared"


class GoneFate(StrEnum):
    """What an apply does with a registered record that the file no longer has."""

    ASK = "ask"
    KEEP = "keep"
    RETIRE = "retire"
    SUPERSEDE = "supersede"


class JobState(StrEnum):
    """How far work is that takes longer than a request."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class FindingKind(StrEnum):
    """How decisions can contradict each other."""

    #: A and B, and B and C, are equivalent, but A and C were decided otherwise.
    TRIANGLE = "triangle"
    #: Equivalent qualifications stand two or more levels apart.
    LEVELS_APART = "levels_apart"
    #: One title stands two or more levels apart in two countries.
    TITLE_DRIFT = "title_drift"
    #: A mapping leaves the range that the national level is referenced to.
    OUTSIDE_REFERENCING = "outside_referencing"
    #: A decision stands on a version that has been replaced or retired.
    OLD_VERSION = "old_version"


class FindingStatus(StrEnum):
    """Whether a contradiction still has to be settled; closed ones have lost their cause."""

    OPEN = "open"
    SETTLED = "settled"
    CLOSED = "closed"


class Purpose(StrEnum):
    """What a qualification is wanted for: a difference is substantial in view of it (EAR manual)."""

    EMPLOYMENT = "employment"
    FURTHER_STUDY = "further_study"
    REGULATED_OCCUPATION = "regulated_occupation"


class StatementState(StrEnum):
    """Whether a statement still says what the register says."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
