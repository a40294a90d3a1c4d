Console.WriteLine("peregrine 0.1.0");
