namespace Peregrine.Serving.Shadows;

/// <summary>Who is compared with whom.</summary>
internal readonly record struct ShadowPair(string Service, string Endpoint, string Primary, string Shadow);
