package dev.tiphys.monitoring.alerting;

import dev.tiphys.client.defaults.ServedHere;
import dev.tiphys.monitoring.config.Rendered;
import dev.tiphys.monitoring.model.Alertmanager;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.prometheus.ConfigurationFiles;
import dev.tiphys.monitoring.prometheus.Exposure;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An Alertmanager that is kept: its server, once there is one, and what that was last told.
///
/// Threads: changed by one at a time; the server may be asked for by any.
final class KeptAlertmanager implements AutoCloseable {

  private static final long PORT = 9093;

  final Path directory;
  final ConfigurationFiles files;
  private final AlertmanagerTools tools;
  private final Consumer<ProgramState> told;
  private volatile @Nullable AlertmanagerServer server;
  private volatile boolean confirmed;
  private volatile Set<ObjectKey> references = Set.of();
  private List<String> flags = List.of();
  private String text = "";
  private @Nullable ServedHere served;

  /// @param told of each change of the server's state
  KeptAlertmanager(AlertmanagerTools tools, ObjectKey key, Consumer<ProgramState> told) {
    this.tools = tools;
    this.directory = tools.place().of(key).resolve("alertmanager");
    this.files = new ConfigurationFiles(directory);
    this.told = told;
  }

  @Nullable AlertmanagerServer server() {
    return server;
  }

  boolean refersTo(ObjectKey object) {
    return references.contains(object);
  }

  void refersTo(Set<ObjectKey> all) {
    references = all;
  }

  /// Whether it has a configuration with this text.
  boolean has(Rendered rendered) {
    return rendered.text().equals(text);
  }

  /// Whether there is a configuration.
  boolean isConfigured() {
    return !text.isEmpty();
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
  String run(Alertmanager alertmanager) throws InterruptedException {
    List<String> wanted = flags(alertmanager);
    AlertmanagerServer present = server;
    if (present != null && !wanted.equals(flags)) {
      present.close();
      present = null;
    }
    if (present == null) {
      flags = wanted;
      present = tools.program().start(directory, wanted, this::changed);
      server = present;
    }
    expose(alertmanager, present);
    if (!present.state().ready() || confirmed) {
      return "";
    }
    String why = present.reload();
    confirmed = why.isEmpty();
    return why;
  }

  /// One that has no others beside it listens for none.
  private List<String> flags(Alertmanager alertmanager) {
    Struct spec = alertmanager.spec();
    List<String> all = new ArrayList<>();
    all.add("--config.file=" + ConfigurationFiles.main(directory));
    all.add("--storage.path=" + directory.resolve("data"));
    all.add("--cluster.listen-address=");
    all.add("--data.retention=" + or(spec.string("retention"), "120h"));
    all.add("--log.level=" + or(spec.string("logLevel"), "warn"));
    if (!spec.string("externalUrl").isEmpty()) {
      all.add("--web.external-url=" + spec.string("externalUrl"));
      all.add("--web.route-prefix=" + or(spec.string("routePrefix"), "/"));
    }
    return List.copyOf(all);
  }

  private static String or(String value, String usual) {
    return value.isEmpty() ? usual : value;
  }

  /// A server that was started anew may have read an older configuration.
  private void changed(ProgramState state) {
    confirmed = false;
    told.accept(state);
  }

  private void expose(Alertmanager alertmanager, AlertmanagerServer running) {
    Exposure exposure =
        Exposure.of(
            alertmanager.service(),
            alertmanager.object(),
            Struct.of("operated-alertmanager", "true"),
            PORT,
            tools.place().machine());
    exposure.ensureService(tools.api(), tools.objects());
    ServedHere before = served;
    if (before == null) {
      served =
          new ServedHere(
                  tools.world(),
                  tools.api(),
                  alertmanager.service(),
                  () -> slices(exposure, running))
              .start();
    } else {
      before.look();
    }
  }

  private List<Struct> slices(Exposure exposure, AlertmanagerServer first) {
    AlertmanagerServer now = server;
    return List.of(exposure.slice((now == null ? first : now).address()));
  }

  @Override
  public void close() {
    AlertmanagerServer present = server;
    if (present != null) {
      present.close(); // first: it must not outlive this process, whatever becomes of the rest
    }
    ServedHere before = served;
    if (before != null) {
      before.close();
    }
  }
}
