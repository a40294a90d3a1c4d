namespace Peregrine.Contracts.ApiNode;

/// <summary>All rules of a service at once: the body of <c>PUT /admin/api/services/{s}/limits</c>.</summary>
public sealed record RateLimitRules(IReadOnlyList<RateLimitRule> Rules);
