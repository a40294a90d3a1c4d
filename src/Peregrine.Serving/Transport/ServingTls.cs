namespace Peregrine.Serving.Transport;

/// <summary>The settings of TLS that an API node has: for its ports, and for the admin port where that is to differ.</summary>
public static class ServingTls
{
    public const string Node = "node";
    public const string NodeSection = "Serving:Tls";
    public const string Admin = "admin";
    public const string AdminSection = "Serving:Access:AdminTls";
}
