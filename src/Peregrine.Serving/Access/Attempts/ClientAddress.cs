using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Peregrine.Serving.Access.Attempts;

/// <summary>Where a request comes from, as attempts are counted: an IPv4 address, or the network of 64 bits of an IPv6 address, which one caller has to itself.</summary>
internal readonly record struct ClientAddress(UInt128 Network, IPAddress? Address)
{
    public static ClientAddress Of(IPAddress? address)
    {
        if (address is null) return default;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        if (address.AddressFamily == AddressFamily.InterNetworkV6) bytes[8..].Clear();
        return new ClientAddress(BinaryPrimitives.ReadUInt128LittleEndian(bytes) ^ (UInt128)length << 120, address);
    }

    public override string ToString() => Address?.ToString() ?? "";
}
