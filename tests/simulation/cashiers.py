"""What cashiers do: open accounts, pay in, correct a deposit downwards, delete an account and make it again under its name."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from prepaid.api.account import PrepaidAccount
from simulation.kubectl import Kubectl
from simulation.plan import CURRENCIES, Plan
from simulation.served import Body

PLENTY = Decimal(1000)


@dataclass
class Cashier:
    """Chooses and makes moves."""

    kubectl: Kubectl
    chance: Random
    plan: Plan

    def moves(self) -> None:
        name = self.chance.choice(self.plan.accounts)
        account = self.kubectl.find(PrepaidAccount, name)
        if account is None:
            self.open(name)
            return
        drawn = self.chance.random()
        if drawn < 0.15:
            self.kubectl.change(account, {"idlePrices": self.tariff()})
        elif drawn < 0.75:
            self.pay_in(account, Decimal(self.chance.choice(("2.50", "5", "20", "50"))))
        elif drawn < 0.87:
            self.pay_in(account, Decimal(self.chance.choice(("-2.50", "-10"))))
        else:
            self.kubectl.delete(account)

    def open(self, name: str) -> None:
        """An account that was deleted may come back with another currency."""
        deposited = self.chance.choice(("0", "20", "60", "200", "500"))
        spec = {"currency": self.chance.choice(CURRENCIES), "deposited": deposited, "idlePrices": self.tariff()}
        self.kubectl.create(PrepaidAccount, name, spec)

    def tariff(self) -> list[Body]:
        """Prices for some types, in units that a history comes to the end of."""
        types = self.chance.sample(("CloudDisk", "ElasticIP", "LoadBalancer"), self.chance.choice((0, 1, 3)))
        units, amounts = ("Minute", "Minute", "Hour"), ("0.01", "0.25")
        return [{"type": each, "amount": self.chance.choice(amounts), "unit": self.chance.choice(units)} for each in types]

    def pay_in(self, account: Body, amount: Decimal) -> None:
        """Less than nothing is never deposited."""
        deposited = max(Decimal(account["spec"]["deposited"]) + amount, Decimal(0))
        self.kubectl.change(account, {"deposited": str(deposited)})

    def open_all(self) -> None:
        """Every account of the plan is there."""
        for name in self.plan.accounts:
            if self.kubectl.find(PrepaidAccount, name) is None:
                self.open(name)

    def pay_everything(self) -> None:
        """Money is no obstacle any more."""
        self.open_all()
        for account in self.kubectl.all(PrepaidAccount):
            self.pay_in(account, PLENTY)
