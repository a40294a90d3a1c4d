using System.Diagnostics;
using System.Globalization;
using Peregrine.Fuzz;
using Peregrine.Fuzz.Targets;

// Usage: Peregrine.Fuzz --cases N [--seed S] [--from N] [--target NAME] [--input FILE]
var cases = 1_000_000L;
var seed = 1UL;
var from = 0L;
string? only = null, file = null;
for (var i = 0; i + 1 < args.Length; i += 2)
{
    switch (args[i])
    {
        case "--cases": cases = long.Parse(args[i + 1], CultureInfo.InvariantCulture); break;
        case "--seed": seed = ulong.Parse(args[i + 1], CultureInfo.InvariantCulture); break;
        case "--from": from = long.Parse(args[i + 1], CultureInfo.InvariantCulture); break;
        case "--target": only = args[i + 1]; break;
        case "--input": file = args[i + 1]; break;
        default:
            Console.Error.WriteLine($"error: unknown option {args[i]}; known are --cases, --seed, --from, --target and --input");
            return 2;
    }
}

await using var targets = await FuzzTargets.CreateAsync();
var chosen = targets.All.Where(target => only is null || target.Name == only).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"error: there is no target {only}; known are {string.Join(", ", targets.All.Select(target => target.Name))}");
    return 2;
}

var all = Stopwatch.StartNew();
foreach (var target in chosen)
{
    var run = new FuzzRun(target, seed);
    var clock = Stopwatch.StartNew();
    var share = (long)(cases * targets.ShareOf(target, chosen));
    try
    {
        if (file is not null) run.RunOne(File.ReadAllBytes(file), -1);
        else run.Run(from, share);
    }
    catch (FuzzFault fault)
    {
        var kept = Path.GetFullPath($"fuzz-{target.Name}-{seed}.bin");
        File.WriteAllBytes(kept, (byte[])fault.Data["input"]!);
        Console.Error.WriteLine($"FAULT {fault.Message}\nThe input is in {kept}; run it again with --target {target.Name} --input {kept}\n{fault.InnerException}");
        return 1;
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name,-10} {share,12:N0} cases from {from:N0}  {share / clock.Elapsed.TotalSeconds,10:N0} cases/s  no fault"));
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases:N0} cases, seed {seed}, {all.Elapsed.TotalSeconds:N0} s: no crash, no hang, no allocation out of proportion"));
return 0;
