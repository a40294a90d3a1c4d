using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.RateLimits;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Deployer.RateLimits;

/// <summary>Rate limits of one deployment, with what they have counted on its nodes.</summary>
public sealed class LimitsView(Engines engines) : ViewModel<LimitsPageState>(engines)
{
    private readonly DeploymentView _deployment = new(engines);

    public string Id { get; set; } = "";

    /// <summary>Null when nobody has said which rules there should be.</summary>
    public IReadOnlyList<RateLimitRule>? Wanted => State?.Deployment.Settings.RateLimits;

    /// <summary>Puts a rule at its place in the list, or at its end, and brings it to the nodes.</summary>
    /// <param name="on">The deployment as it was when the form was opened: what somebody else changed since is not overwritten.</param>
    /// <param name="at">Place of the rule that it replaces, or the number of rules.</param>
    public Task<Fault?> SaveAsync(LimitForm form, DeploymentState on, int at, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(on);
        var (rule, fault) = form.Read(at);
        if (rule is null) return Task.FromResult(fault);
        var rules = (on.Settings.RateLimits ?? []).ToList();
        if (at < rules.Count) rules[at] = rule;
        else rules.Add(rule);
        return ChangeAsync(rules, on.Revision, actor, cancellationToken);
    }

    public Task<Fault?> RemoveAsync(string rule, string actor, CancellationToken cancellationToken) =>
        ChangeAsync([.. (Wanted ?? []).Where(other => other.Id != rule)], State?.Deployment.Revision, actor, cancellationToken);

    /// <summary>Takes what nodes have as what is wanted from now on.</summary>
    public Task<Fault?> AdoptAsync(string actor, CancellationToken cancellationToken) =>
        ChangeAsync([.. State?.Limits.Rules.Select(limit => limit.Rule) ?? []], State?.Deployment.Revision, actor, cancellationToken);

    protected override async Task<LimitsPageState> ReadAsync(CancellationToken cancellationToken)
    {
        _deployment.Id = Id;
        var deployment = await _deployment.ReadStateAsync(cancellationToken);
        return new LimitsPageState(deployment, await Engines.CallAsync<DeploymentLimits, DeploymentRateLimits>(limits => limits.ReadAsync(Id, cancellationToken)));
    }

    private async Task<Fault?> ChangeAsync(IReadOnlyList<RateLimitRule> rules, int? basedOn, string actor, CancellationToken cancellationToken)
    {
        _deployment.Id = Id;
        var fault = await _deployment.ChangeSettingsAsync(settings => settings with { RateLimits = rules }, basedOn, actor, cancellationToken);
        if (fault is null) await LoadAsync(cancellationToken);
        return fault;
    }
}
