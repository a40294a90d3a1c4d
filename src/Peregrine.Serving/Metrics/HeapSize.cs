using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Peregrine.Serving.Metrics;

/// <summary>Bytes of managed memory that an object and all it leads to take: measured by going through the fields, not by the collector.</summary>
/// <remarks>Takes milliseconds for a model. Types, delegates, tasks and what the caller names are not followed.</remarks>
internal static class HeapSize
{
    private const int MostObjects = 2_000_000;
    private const int ObjectHeader = 16;
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> s_fields = new();

    /// <param name="stop">Types that belong to others.</param>
    public static long Of(object root, params IReadOnlyCollection<Type> stop)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance) { root };
        var waiting = new Stack<object>([root]);
        var bytes = 0L;
        while (waiting.TryPop(out var one) && seen.Count <= MostObjects)
        {
            bytes += SizeOf(one);
            foreach (var child in ChildrenOf(one))
                if (Follows(child, stop) && seen.Add(child)) waiting.Push(child);
        }

        return bytes;
    }

    private static bool Follows(object child, IReadOnlyCollection<Type> stop) =>
        child is not (MemberInfo or Delegate or Task or Thread or Assembly or Pointer) && !stop.Any(type => type.IsInstanceOfType(child));

    private static long SizeOf(object one) => one switch
    {
        string text => ObjectHeader + 6 + 2L * text.Length,
        Array list => ObjectHeader + 8 + (long)list.Length * ElementSize(list.GetType().GetElementType()!),
        _ => ObjectHeader + FieldsOf(one.GetType()).Sum(field => (long)ElementSize(field.FieldType)),
    };

    private static int ElementSize(Type type)
    {
        if (!type.IsValueType) return IntPtr.Size;
        if (type.IsEnum) type = Enum.GetUnderlyingType(type);
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean or TypeCode.Byte or TypeCode.SByte => 1,
            TypeCode.Char or TypeCode.Int16 or TypeCode.UInt16 => 2,
            TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Single => 4,
            TypeCode.Int64 or TypeCode.UInt64 or TypeCode.Double or TypeCode.DateTime => 8,
            _ => type == typeof(IntPtr) || type == typeof(UIntPtr) ? IntPtr.Size : Math.Max(1, FieldsOf(type).Sum(field => ElementSize(field.FieldType))),
        };
    }

    private static IEnumerable<object> ChildrenOf(object one)
    {
        if (one is string) yield break;
        if (one is Array list)
        {
            if (!HasReferences(list.GetType().GetElementType()!)) yield break;
            foreach (var item in list)
                foreach (var child in Unpack(item)) yield return child;
            yield break;
        }

        foreach (var field in FieldsOf(one.GetType()))
        {
            if (!HasReferences(field.FieldType)) continue;
            foreach (var child in Unpack(field.GetValue(one))) yield return child;
        }
    }

    /// <summary>A reference as it is; of a structure, what it refers to.</summary>
    private static IEnumerable<object> Unpack(object? value) => value is null ? [] : value.GetType().IsValueType ? ChildrenOf(value) : [value];

    private static bool HasReferences(Type type) =>
        !type.IsPointer && !type.IsByRefLike && (!type.IsValueType || (!type.IsPrimitive && !type.IsEnum && FieldsOf(type).Any(field => field.FieldType != type && HasReferences(field.FieldType))));

    private static FieldInfo[] FieldsOf(Type type) => s_fields.GetOrAdd(type, static type =>
    {
        var fields = new List<FieldInfo>();
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
            fields.AddRange(at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(field => !field.FieldType.IsPointer && !field.FieldType.IsByRefLike));
        return [.. fields];
    });
}
