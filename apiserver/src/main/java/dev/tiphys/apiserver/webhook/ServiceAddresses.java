package dev.tiphys.apiserver.webhook;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Finds a Pod that answers for a Service, so that the server needs no part in the network of
/// Services.
///
/// @param objects where Services and their endpoints are
/// @param random which of several endpoints is taken
public record ServiceAddresses(Lookup objects, RandomGenerator random) {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  /// `host:port` of a ready endpoint.
  ///
  /// @throws WebhookException if there is no such Service or port, or nothing behind it
  public String resolve(String namespace, String name, long port) throws WebhookException {
    Struct service = objects.find("", "services", namespace, name);
    if (service == null) {
      throw new WebhookException("service \"" + name + "\" not found");
    }
    if (service.string("spec", "type").equals("ExternalName")) {
      return service.string("spec", "externalName") + ":" + port;
    }
    String portName = portName(service, port);
    List<String> found = new ArrayList<>();
    slices(namespace, name).forEach(slice -> add(slice, portName, found));
    if (found.isEmpty()) {
      throw new WebhookException("no endpoints available for service \"" + name + "\"");
    }
    return found.get(random.nextInt(found.size()));
  }

  /// The EndpointSlices of a Service.
  public List<Struct> slices(String namespace, String name) {
    return objects.list("discovery.k8s.io", "endpointslices", namespace).stream()
        .filter(slice -> slice.string("metadata", "labels", SERVICE_NAME).equals(name))
        .toList();
  }

  private static String portName(Struct service, long port) throws WebhookException {
    for (Struct each : service.structs("spec", "ports")) {
      if (each.integer("port") == port) {
        return each.string("name");
      }
    }
    throw new WebhookException(
        "no service port "
            + port
            + " found for service \""
            + service.string("metadata", "name")
            + "\"");
  }

  private static void add(Struct slice, String portName, List<String> found) {
    for (Struct port : slice.structs("ports")) {
      if (port.string("name").equals(portName)) {
        for (Struct endpoint : slice.structs("endpoints")) {
          boolean ready =
              !endpoint.has("conditions", "ready") || endpoint.bool("conditions", "ready");
          if (ready && !endpoint.strings("addresses").isEmpty()) {
            String address = endpoint.strings("addresses").getFirst();
            boolean sixth = address.indexOf(':') >= 0;
            found.add((sixth ? "[" + address + "]" : address) + ":" + port.integer("port"));
          }
        }
      }
    }
  }
}
