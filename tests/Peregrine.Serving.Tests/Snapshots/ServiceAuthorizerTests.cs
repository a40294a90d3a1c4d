using System.Text;
using Peregrine.Packages.Manifests;
using Peregrine.Serving.Access;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Tests.Snapshots;

public sealed class ServiceAuthorizerTests
{
    private static readonly object s_basis = new();
    private static readonly Grant s_grant = new(CallerKey.Anyone, null, null);

    private readonly ServiceAuthorizer _authorizer = new(new ServiceAuthorization { Method = AuthorizationMethod.ApiKeys });

    [Fact]
    public void Recall_HeadersOfAFewHundredConnections_KnowsThemAll()
    {
        // As the web server does it: each connection has a string of its own.
        var headers = Enumerable.Range(0, 300).Select(_ => Header()).ToList();
        foreach (var header in headers) _authorizer.Remember(header, s_basis, s_grant);

        headers.Count(header => _authorizer.Recall(header, s_basis) == s_grant).ShouldBeGreaterThanOrEqualTo(298);
    }

    [Fact]
    public void Recall_OfAnotherStringOrAnotherBasis_KnowsNothing()
    {
        var header = Header();
        _authorizer.Remember(header, s_basis, s_grant);

        _authorizer.Recall(Header(), s_basis).ShouldBeNull();
        _authorizer.Recall(header, new object()).ShouldBeNull();
    }

    [Fact]
    public void Recall_AfterTheBasisChanged_KnowsTheNewest()
    {
        var header = Header();
        var (later, grant) = (new object(), new Grant(CallerKey.Anyone, null, null));
        _authorizer.Remember(header, s_basis, s_grant);
        _authorizer.Remember(header, later, grant);

        _authorizer.Recall(header, later).ShouldBe(grant);
        _authorizer.Recall(header, s_basis).ShouldBeNull();
    }

    [Fact]
    public void Remember_FarMoreHeadersThanItHolds_GoesOnRemembering()
    {
        for (var i = 0; i < 20_000; i++)
        {
            var header = Header();
            _authorizer.Remember(header, s_basis, s_grant);
            _authorizer.Recall(header, s_basis).ShouldBe(s_grant);
        }
    }

    private static string Header() => new StringBuilder("Basic a2V5Og==").ToString();
}
