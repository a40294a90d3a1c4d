using Peregrine.Designing.ApiServices;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Web.ApiDesigner;

/// <summary>One way in which records may differ, and how to read and set what becomes of them.</summary>
/// <param name="Id">Part of the control's id.</param>
public sealed record SchemaChoice(
    string Id, string Label, string Hint, Func<EndpointSchema, FeaturePolicy> Read, Func<EndpointSchema, FeaturePolicy, EndpointSchema> Write);
