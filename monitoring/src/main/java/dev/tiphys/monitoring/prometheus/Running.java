package dev.tiphys.monitoring.prometheus;

import dev.tiphys.client.defaults.ServedHere;
import dev.tiphys.monitoring.config.Rendered;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A Prometheus that is kept: its server, once there is one, and what that was last told.
///
/// Threads: changed by one at a time; the server may be asked for by any.
final class Running implements AutoCloseable {

  private static final long PORT = 9090;

  final Path directory;
  final ConfigurationFiles files;
  final Narrowing narrowing;
  private final PrometheusTools tools;
  private final Consumer<ProgramState> told;
  private volatile @Nullable PrometheusServer server;
  private volatile boolean confirmed;
  private volatile Set<ObjectKey> references = Set.of();
  private List<String> flags = List.of();
  private String text = "";
  private @Nullable ServedHere served;
  private @Nullable Version version;

  /// @param told of each change of the server's state
  Running(PrometheusTools tools, ObjectKey key, Consumer<ProgramState> told) {
    this.tools = tools;
    this.directory = tools.place().of(key);
    this.files = new ConfigurationFiles(directory);
    this.narrowing = new Narrowing(tools.program());
    this.told = told;
  }

  @Nullable PrometheusServer server() {
    return server;
  }

  /// The version of the program, which is asked for once.
  Version version() throws InterruptedException {
    Version known = version;
    if (known == null) {
      known = tools.program().version();
      version = known;
    }
    return known;
  }

  /// Whether it has a configuration with this text.
  boolean has(Rendered rendered) {
    return rendered.text().equals(text);
  }

  /// Whether there is a configuration.
  boolean isConfigured() {
    return !text.isEmpty();
  }

  /// What the configuration refers to.
  Set<ObjectKey> references() {
    return references;
  }

  void refersTo(Set<ObjectKey> all) {
    references = all;
  }

  /// Takes the configuration that was prepared last.
  void take(Rendered rendered) {
    files.take();
    text = rendered.text();
    confirmed = false;
    files.purge(rendered.files().keySet());
  }

  /// Has the server run, with the newest configuration. Returns why that is not so; empty if it is,
  /// or is on its way.
  String run(Prometheus prometheus) throws InterruptedException {
    List<String> wanted = Flags.of(prometheus, directory, tools.program().diskSize(directory));
    PrometheusServer present = server;
    if (present != null && !wanted.equals(flags)) {
      present.close();
      present = null;
    }
    if (present == null) {
      flags = wanted;
      present = tools.program().start(directory, wanted, this::changed);
      server = present;
    }
    expose(prometheus, present);
    if (!present.state().ready() || confirmed) {
      return "";
    }
    String why = present.reload();
    confirmed = why.isEmpty();
    return why;
  }

  /// A server that was started anew may have read an older configuration.
  private void changed(ProgramState state) {
    confirmed = false;
    told.accept(state);
  }

  private void expose(Prometheus prometheus, PrometheusServer running) {
    Exposure exposure =
        Exposure.of(
            prometheus.service(),
            prometheus.object(),
            Struct.of("operated-prometheus", "true"),
            PORT,
            tools.place().machine());
    exposure.ensureService(tools.api(), tools.objects());
    ServedHere before = served;
    if (before == null) {
      served =
          new ServedHere(
                  tools.world(), tools.api(), prometheus.service(), () -> slices(exposure, running))
              .start();
    } else {
      before.look();
    }
  }

  private List<Struct> slices(Exposure exposure, PrometheusServer first) {
    PrometheusServer now = server;
    return List.of(exposure.slice((now == null ? first : now).address()));
  }

  @Override
  public void close() {
    PrometheusServer present = server;
    if (present != null) {
      present.close(); // first: it must not outlive this process, whatever becomes of the rest
    }
    ServedHere before = served;
    if (before != null) {
      before.close();
    }
  }
}
