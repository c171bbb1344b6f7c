"""From the staging tables into the product: every file is planned, all are checked, then all are stored."""

from exchange.register.loading.base import FileLoad, Load
from exchange.register.loading.cases import AftercareLoad, EnrolmentsLoad
from exchange.register.loading.people import ParticipantsLoad, ReferralsLoad
from exchange.register.loading.places import EmployersLoad, UnitsLoad, WorkplacesLoad
from exchange.register.loading.work import CertificatesLoad, FollowUpsLoad, PlacementsLoad

__all__ = ["FILE_LOADS", "FileLoad", "Load"]

#: In the order in which they refer to each other.
FILE_LOADS = (
    UnitsLoad,
    EmployersLoad,
    WorkplacesLoad,
    ParticipantsLoad,
    ReferralsLoad,
    EnrolmentsLoad,
    PlacementsLoad,
    FollowUpsLoad,
    CertificatesLoad,
    AftercareLoad,
)
