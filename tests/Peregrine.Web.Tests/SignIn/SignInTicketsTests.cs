using Microsoft.Extensions.Time.Testing;
using Peregrine.Web.SignIn;

namespace Peregrine.Web.Tests.SignIn;

public sealed class SignInTicketsTests
{
    [Fact]
    public void Redeem_ASecondTime_IsRefused()
    {
        var tickets = new SignInTickets(new FakeTimeProvider());
        var ticket = tickets.Issue();
        tickets.Redeem(ticket).ShouldBeTrue();
        tickets.Redeem(ticket).ShouldBeFalse();
    }

    [Fact]
    public void Redeem_AfterTenMinutes_IsRefused()
    {
        var clock = new FakeTimeProvider();
        var tickets = new SignInTickets(clock);
        var ticket = tickets.Issue();
        clock.Advance(TimeSpan.FromMinutes(11));
        tickets.Redeem(ticket).ShouldBeFalse();
    }

    [Fact]
    public void Redeem_OfAnInventedTicket_IsRefused() => new SignInTickets(new FakeTimeProvider()).Redeem("0123").ShouldBeFalse();
}
