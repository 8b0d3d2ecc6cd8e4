package dev.tiphys.monitoring.program;

import dev.tiphys.world.World;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A program as it is installed on this machine, with its tool beside it. Its servers are children
/// of this process.
///
/// Threads: any.
public abstract class InstalledProgram implements ServerProgram {

  /// As which Debian's packages have servers of this family run.
  private static final String USER = "prometheus";

  private final World world;
  private final Programs programs;
  private final InetAddress listen;
  private final String server;
  private final String tool;
  private final Account account = new Account(USER);

  /// @param listen the address of this machine that servers are reached at
  /// @param server the name of the program
  /// @param tool the name of its tool
  protected InstalledProgram(
      World world, Programs programs, InetAddress listen, String server, String tool) {
    this.world = world;
    this.programs = programs;
    this.listen = listen;
    this.server = server;
    this.tool = tool;
  }

  /// The arguments with which the tool checks a file.
  protected abstract List<String> checking(Path file);

  /// Why the tool refuses a file, from what it says.
  protected abstract String reason(ProgramRun run, Path file);

  @Override
  public String missing() {
    return Stream.of(server, tool)
        .filter(each -> programs.find(each).isEmpty())
        .map(programs::remedy)
        .findFirst()
        .orElse("");
  }

  @Override
  public String check(Path file) throws InterruptedException {
    ProgramRun run = ProgramRun.in(file.getParent(), words(tool, checking(file)));
    return run.status() == 0 ? "" : reason(run, file);
  }

  /// Runs one of the programs.
  protected ProgramRun run(String program, List<String> arguments) throws InterruptedException {
    return ProgramRun.of(words(program, arguments));
  }

  private List<String> words(String program, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(programs.find(program).map(Path::toString).orElse(program));
    words.addAll(arguments);
    return words;
  }

  @Override
  public Server start(Path directory, List<String> flags, Consumer<ProgramState> told) {
    return ChildServer.start(
        world,
        server,
        words(server, flags),
        listen,
        directory,
        words -> account.running(words, directory),
        told);
  }
}
