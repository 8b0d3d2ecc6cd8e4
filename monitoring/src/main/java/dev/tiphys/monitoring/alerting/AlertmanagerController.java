package dev.tiphys.monitoring.alerting;

import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.monitoring.model.Alertmanager;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.program.ChildServer;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.program.ServerProgram;
import dev.tiphys.monitoring.server.KeptServer;
import dev.tiphys.monitoring.server.ServerController;
import dev.tiphys.monitoring.server.ServerTools;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.List;
import java.util.function.Consumer;

/// Keeps a server for each Alertmanager object. It looks when the AlertmanagerConfigs change.
///
/// Threads: any.
public final class AlertmanagerController implements AutoCloseable {

  private static final String NAME = "alertmanager";
  private static final int WORKERS = 1;

  private final ServerController servers;

  /// Makes it; no informer is started yet.
  ///
  /// @param moved told when [#addresses] may have changed
  public AlertmanagerController(
      ServerTools tools, ServerProgram program, Charge charge, Runnable moved) {
    this.servers =
        new ServerController(
            NAME,
            WORKERS,
            tools,
            charge,
            MonitoringResources.ALERTMANAGERS,
            new Keeping(tools, program, moved));
    servers.dependOn(MonitoringResources.ALERTMANAGER_CONFIGS);
  }

  private record Keeping(ServerTools tools, ServerProgram program, Runnable moved)
      implements ServerController.Keeping {

    @Override
    public KeptServer made(ObjectKey key, Consumer<ProgramState> told) {
      return new KeptServer(tools, program, tools.place().of(key).resolve(NAME), told);
    }

    @Override
    public Outcome look(Struct object, KeptServer server) throws InterruptedException {
      return new AlertmanagerLook(tools, new Alertmanager(object), server).run();
    }

    @Override
    public void changed(ObjectKey key) {
      moved.run();
    }

    @Override
    public void forget(ObjectKey key) {
      moved.run();
    }
  }

  /// Begins, once the informers are complete.
  public void start() {
    servers.start();
  }

  /// Where the default Alertmanager answers, if it does: `host:port`.
  public List<String> addresses() {
    return servers.address(Alertmanager.DEFAULT).map(ChildServer::authority).stream().toList();
  }

  /// Ends all servers, and waits for their ends.
  @Override
  public void close() {
    servers.close();
  }
}
