package dev.tiphys.node.spec;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The environment variables that tell containers of the Services around them.
///
/// Threads: any.
public final class ServiceVariables {
  private static final String MASTER_NAMESPACE = "default";
  private static final String MASTER = "kubernetes";
  private final Informer services;

  /// @param services all of the cluster
  public ServiceVariables(Informer services) {
    this.services = services;
  }

  /// The variables for a Pod in a namespace.
  ///
  /// @param links whether it wants to hear of others than the API server
  Map<String, String> of(String namespace, boolean links) throws InterruptedException {
    services.awaitSynced();
    Map<String, String> variables = new LinkedHashMap<>();
    Struct master = services.find(MASTER_NAMESPACE, MASTER);
    if (master != null) {
      add(master, variables);
    }
    if (links) {
      services.list(namespace).forEach(service -> add(service, variables));
    }
    return variables;
  }

  private static void add(Struct service, Map<String, String> variables) {
    String address = service.string("spec", "clusterIP");
    List<Struct> ports = service.structs("spec", "ports");
    if (address.isEmpty() || address.equals("None") || ports.isEmpty()) {
      return;
    }
    String name = variable(Meta.of(service).name());
    variables.put(name + "_SERVICE_HOST", address);
    variables.put(name + "_SERVICE_PORT", number(ports.getFirst()));
    for (Struct port : ports) {
      if (!port.string("name").isEmpty()) {
        variables.put(name + "_SERVICE_PORT_" + variable(port.string("name")), number(port));
      }
    }
    String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
    variables.put(name + "_PORT", url(ports.getFirst(), host));
    for (Struct port : ports) {
      String prefix = name + "_PORT_" + number(port) + "_" + protocol(port);
      variables.put(prefix, url(port, host));
      variables.put(prefix + "_PROTO", protocol(port).toLowerCase(Locale.ROOT));
      variables.put(prefix + "_PORT", number(port));
      variables.put(prefix + "_ADDR", address);
    }
  }

  private static String url(Struct port, String host) {
    return protocol(port).toLowerCase(Locale.ROOT) + "://" + host + ":" + number(port);
  }

  private static String number(Struct port) {
    return Long.toString(port.integer("port"));
  }

  private static String protocol(Struct port) {
    String protocol = port.string("protocol");
    return protocol.isEmpty() ? "TCP" : protocol;
  }

  private static String variable(String name) {
    return name.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
