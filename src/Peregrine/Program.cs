using Peregrine.Commands;

return await PeregrineCommand.RunAsync(args);
