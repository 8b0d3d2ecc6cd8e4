package dev.tiphys.cli.roles;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.monitoring.Monitoring;
import dev.tiphys.monitoring.MonitoringSettings;
import dev.tiphys.monitoring.program.Programs;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// What monitoring has of this machine, and where its Prometheus answers, as JSON under
/// `/monitoring`.
///
/// Threads: any.
///
/// @param part the monitoring
public record MonitoringRole(LedPart<Monitoring> part)
    implements Function<String, Optional<Struct>> {

  /// Where it is told.
  public static final String PATH = "/monitoring";

  /// Where its files are, and how its programs see the API server.
  public static MonitoringSettings settings(
      DataDirectory data, ApiServerRole server, Programs programs) {
    Kubeconfig.Access access = server.admin();
    return new MonitoringSettings(
        data.path().resolve("monitoring"),
        access.server(),
        access.authority(),
        InetAddress.ofLiteral(HostAddress.find()),
        HostName.find(),
        programs);
  }

  /// Absent if it is the path of another document.
  @Override
  public Optional<Struct> apply(String path) {
    if (!path.equals(PATH)) {
      return Optional.empty();
    }
    return Optional.of(
        address().map(each -> Struct.of("prometheus", each.toString())).orElse(Struct.EMPTY));
  }

  /// Where the default Prometheus answers, if it runs here and does.
  public Optional<URI> address() {
    AtomicReference<Optional<URI>> address = new AtomicReference<>(Optional.empty());
    part.with(monitoring -> address.set(monitoring.address()));
    return address.get();
  }

  /// Whether a server of monitoring is reached at an address, and meant by a Service.
  public boolean isServed(ObjectKey service, String address) {
    AtomicBoolean served = new AtomicBoolean();
    part.with(monitoring -> served.set(monitoring.isServed(service, address)));
    return served.get();
  }
}
