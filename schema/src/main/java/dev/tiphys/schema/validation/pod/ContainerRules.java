package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.ResourceRules;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Rules that hold for every container, whichever list it stands in.
public final class ContainerRules {

  public static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
  public static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
  private static final List<String> MESSAGE_POLICIES = List.of("File", "FallbackToLogsOnError");
  private static final List<String> RESIZABLE = List.of("cpu", "memory");
  private static final List<String> RESIZE_POLICIES = List.of("NotRequired", "RestartContainer");

  private ContainerRules() {}

  static void container(FieldValue container, PodContext pod) {
    container.at("name").mustBeSetAnd(Formats::dnsLabel);
    container.at("image").mustBeSet();
    container.at("terminationMessagePolicy").mustBeSetToOneOf(MESSAGE_POLICIES);
    ports(container.at("ports"));
    EnvironmentRules.variables(container.at("env"));
    EnvironmentRules.sources(container.at("envFrom"));
    Map<String, String> mounts = paths(container.at("volumeMounts"), "mountPath");
    Map<String, String> devices = paths(container.at("volumeDevices"), "devicePath");
    MountRules.mounts(container, devices, pod);
    MountRules.devices(container.at("volumeDevices"), mounts, pod);
    container.at("imagePullPolicy").mustBeSetToOneOf(PULL_POLICIES);
    ResourceRules.ofContainer(container.at("resources"), pod.claims());
    resizePolicies(container.at("resizePolicy"), pod);
    SecurityRules.ofContainer(container.at("securityContext"), pod.hostUsers());
  }

  /// Which volume goes to which path.
  private static Map<String, String> paths(FieldValue list, String path) {
    if (list.isEmpty()) {
      return Map.of();
    }
    Map<String, String> paths = new HashMap<>();
    for (Struct element : list.structs()) {
      paths.put(element.string("name"), element.string(path));
    }
    return paths;
  }

  private static void ports(FieldValue ports) {
    Set<Object> names = new HashSet<>();
    for (FieldValue port : ports.items()) {
      FieldValue name = port.at("name");
      if (!name.isEmpty() && name.mustBe(Formats::portName)) {
        name.mustBeNewIn(names);
      }
      FieldValue number = port.at("containerPort");
      if (number.integer() == 0) {
        number.required();
      } else {
        number.mustBePort();
      }
      if (port.at("hostPort").integer() != 0) {
        port.at("hostPort").mustBePort();
      }
      port.at("protocol").mustBeSetToOneOf(PROTOCOLS);
    }
  }

  /// Upstream's paths leave out which of the policies is meant, but for one.
  private static void resizePolicies(FieldValue policies, PodContext pod) {
    Set<String> seen = new HashSet<>();
    boolean restarts = !pod.spec().string("restartPolicy").equals("Never");
    for (FieldValue policy : policies.items()) {
      String resource = policy.at("resourceName").string();
      if (!seen.add(resource)) {
        policy.holding(resource).duplicate();
      }
      policies.holding(resource).mustBeSetToOneOf(RESIZABLE);
      FieldValue restart = policies.holding(policy.at("restartPolicy").value());
      restart.mustBeSetToOneOf(RESIZE_POLICIES);
      if (!restarts && !restart.is("NotRequired")) {
        restart.invalid(
            restart.string(), "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
      }
    }
  }

  /// The ports of the node that containers listen on are theirs alone.
  static void hostPorts(List<FieldValue> containers) {
    Set<String> taken = new HashSet<>();
    for (FieldValue container : containers) {
      for (FieldValue port : container.at("ports").items()) {
        Struct value = port.struct();
        if (value.integer("hostPort") != 0) {
          String key =
              value.string("protocol")
                  + "/"
                  + value.string("hostIP")
                  + "/"
                  + value.integer("hostPort");
          if (!taken.add(key)) {
            port.at("hostPort").holding(key).duplicate();
          }
        }
      }
    }
  }

  /// An image is pulled under exactly the name that is given.
  static void imageWithoutBlanks(FieldValue container) {
    FieldValue image = container.at("image");
    if (!image.string().equals(image.string().strip())) {
      image.invalid("must not have leading or trailing whitespace");
    }
  }
}
