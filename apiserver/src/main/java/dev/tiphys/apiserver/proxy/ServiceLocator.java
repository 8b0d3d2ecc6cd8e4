package dev.tiphys.apiserver.proxy;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// For a Service one of its ready Pods answers, so that the server needs no part in the network of
/// Services; or a part of this process.
///
/// @param objects where endpoints and Pods are
/// @param random which of several Pods is taken
/// @param tls for those that are asked for by https
/// @param own whether at an address (`host:port`) a part of this process is reached that is meant
///   by a Service
record ServiceLocator(
    Lookup objects, RandomGenerator random, SSLContext tls, BiPredicate<ObjectKey, String> own)
    implements Locator {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  @Override
  public Backend locate(ResourceRequest request) {
    String namespace = request.target().namespace();
    ProxiedName wanted = ProxiedName.parse("service", request.target().name());
    Struct service = request.target().endpoint().registry().get(namespace, wanted.name()).object();
    String port = portName(service, wanted);
    List<Backend> found = new ArrayList<>();
    boolean any = false;
    for (Struct slice : objects.list("discovery.k8s.io", "endpointslices", namespace)) {
      if (slice.string("metadata", "labels", SERVICE_NAME).equals(wanted.name())) {
        any |= !slice.structs("endpoints").isEmpty();
        ObjectKey key = new ObjectKey(namespace, wanted.name());
        add(key, slice, port, wanted.isSecure() ? tls : null, found);
      }
    }
    if (found.isEmpty()) {
      throw unavailable(
          "no endpoints available for service \""
              + (any ? request.target().name() : wanted.name())
              + '"');
    }
    return found.get(random.nextInt(found.size()));
  }

  /// The name of the port that is meant, by which endpoints tell it.
  private static String portName(Struct service, ProxiedName wanted) {
    if (wanted.port().isEmpty() || !wanted.port().chars().allMatch(c -> c >= '0' && c <= '9')) {
      return wanted.port();
    }
    for (Struct port : service.structs("spec", "ports")) {
      if (Long.toString(port.integer("port")).equals(wanted.port())) {
        return port.string("name");
      }
    }
    throw unavailable(
        "no service port " + wanted.port() + " found for service \"" + wanted.name() + '"');
  }

  private void add(
      ObjectKey service, Struct slice, String name, @Nullable SSLContext secure, List<Backend> to) {
    for (Struct port : slice.structs("ports")) {
      if (port.string("name").equals(name)) {
        for (Struct endpoint : slice.structs("endpoints")) {
          String pod = endpoint.string("targetRef", "name");
          for (String address : first(endpoint.strings("addresses"))) {
            String number = Long.toString(port.integer("port"));
            if (isReady(endpoint)
                && (isOfPod(service.namespace(), endpoint, pod, address)
                    || own.test(service, address + ":" + number))) {
              to.add(new Backend(address, number, secure));
            }
          }
        }
      }
    }
  }

  private static List<String> first(List<String> addresses) {
    return addresses.isEmpty() ? addresses : addresses.subList(0, 1);
  }

  private static boolean isReady(Struct endpoint) {
    return !endpoint.has("conditions", "ready") || endpoint.bool("conditions", "ready");
  }

  /// Whether an address is a Pod's: what else endpoints tell may be anything that the server
  /// reaches, though their writer may not.
  private boolean isOfPod(String namespace, Struct endpoint, String name, String address) {
    if (!endpoint.string("targetRef", "kind").equals("Pod")) {
      return false;
    }
    Struct pod = objects.find("", "pods", namespace, name);
    return pod != null
        && (pod.string("status", "podIP").equals(address)
            || pod.structs("status", "podIPs").stream()
                .anyMatch(each -> each.string("ip").equals(address)));
  }

  private static ApiException unavailable(String message) {
    return ApiException.of(Reason.SERVICE_UNAVAILABLE, message);
  }
}
