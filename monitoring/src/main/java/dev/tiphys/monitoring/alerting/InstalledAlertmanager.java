package dev.tiphys.monitoring.alerting;

import dev.tiphys.monitoring.program.ChildServer;
import dev.tiphys.monitoring.program.ProgramRun;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.program.Programs;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Alertmanager as it is installed on this machine, with amtool beside it.
///
/// @param listen the address of this machine that servers are reached at
public record InstalledAlertmanager(World world, Programs programs, InetAddress listen)
    implements AlertmanagerProgram {

  private static final String SERVER = "alertmanager";
  private static final String TOOL = "amtool";
  private static final String FAILED = "FAILED:";

  /// A server that is a child of this process.
  private record Child(ChildServer server) implements AlertmanagerServer {

    @Override
    public ProgramState state() {
      return server.state();
    }

    @Override
    public InetSocketAddress address() {
      return server.address();
    }

    @Override
    public String reload() throws InterruptedException {
      return server.reload();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  @Override
  public String missing() {
    return Stream.of(SERVER, TOOL)
        .filter(each -> programs.find(each).isEmpty())
        .map(programs::remedy)
        .findFirst()
        .orElse("");
  }

  @Override
  public String check(Path file) throws InterruptedException {
    ProgramRun run = ProgramRun.of(List.of(place(TOOL), "check-config", file.toString()));
    return run.status() == 0 ? "" : reason(run.out() + run.err());
  }

  /// What amtool says after `FAILED:`.
  static String reason(String said) {
    return said.lines()
        .filter(line -> line.contains(FAILED))
        .map(line -> line.substring(line.indexOf(FAILED) + FAILED.length()).strip())
        .findFirst()
        .orElse("it is not valid");
  }

  private String place(String program) {
    return programs.find(program).map(Path::toString).orElse(program);
  }

  @Override
  public AlertmanagerServer start(Path directory, List<String> flags, Consumer<ProgramState> told) {
    List<String> words = new ArrayList<>();
    words.add(place(SERVER));
    words.addAll(flags);
    return new Child(ChildServer.start(world, SERVER, words, listen, directory, told));
  }
}
