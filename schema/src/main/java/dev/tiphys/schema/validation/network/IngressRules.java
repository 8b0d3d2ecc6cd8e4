package dev.tiphys.schema.validation.network;

import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.AddressRules;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.ReferenceRules;
import java.util.List;
import java.util.function.Predicate;

/// Rules for Ingresses.
public final class IngressRules {

  private static final String CLASS = "kubernetes.io/ingress.class";
  private static final List<String> PATH_TYPES =
      List.of("Exact", "ImplementationSpecific", "Prefix");
  private static final List<String> BAD_PARTS = List.of("//", "/./", "/../", "%2f", "%2F");
  private static final List<String> BAD_ENDS = List.of("/..", "/.");

  private IngressRules() {}

  /// What was wrong before and may stay wrong.
  private record Leniency(boolean secretNames, boolean wildcardRules) {
    static final Leniency NONE = new Leniency(false, false);
  }

  public static void create(FieldValue ingress) {
    spec(ingress.at("spec"), Leniency.NONE);
    FieldValue name = ingress.at("metadata", "annotations").at(CLASS);
    FieldValue field = ingress.at("spec", "ingressClassName");
    if (name.isSet() && field.isSet() && !name.is(field.string())) {
      ingress
          .at("annotations", CLASS)
          .invalid(name.string(), "must match `ingressClassName` when both are specified");
    }
  }

  public static void update(FieldValue now, Struct before) {
    Struct old = before.struct("spec");
    boolean badSecrets =
        old.structs("tls").stream()
            .map(tls -> tls.string("secretName"))
            .anyMatch(name -> !name.isEmpty() && !Formats.dnsSubdomain(name).isEmpty());
    boolean badRules =
        old.structs("rules").stream()
            .filter(rule -> isWildcard(rule.string("host")))
            .anyMatch(isUnsound());
    spec(now.at("spec"), new Leniency(badSecrets, badRules));
  }

  private static boolean isWildcard(String host) {
    return host.indexOf('*') >= 0;
  }

  private static Predicate<Struct> isUnsound() {
    return rule -> {
      FieldErrors errors = new FieldErrors();
      paths(FieldValue.top(errors, rule));
      return !errors.isEmpty();
    };
  }

  private static void spec(FieldValue spec, Leniency leniency) {
    FieldValue backend = spec.at("defaultBackend");
    FieldValue rules = spec.at("rules");
    if (rules.isEmpty() && !backend.isSet()) {
      spec.invalid(rules.value(), "either `defaultBackend` or `rules` must be specified");
    }
    if (backend.isSet()) {
      backend(backend);
    }
    for (FieldValue rule : rules.items()) {
      FieldValue host = rule.at("host");
      if (IpAddress.parse(host.string()) != null) {
        host.invalid("must be a DNS name, not an IP address");
      }
      host(host);
      if (!isWildcard(host.string()) || !leniency.wildcardRules()) {
        paths(rule);
      }
    }
    for (FieldValue tls : spec.at("tls").items()) {
      for (FieldValue host : tls.at("hosts").items()) {
        host.mustBe(isWildcard(host.string()) ? Formats::wildcardSubdomain : Formats::dnsSubdomain);
      }
      if (!leniency.secretNames()) {
        tls.at("secretName").mayBe(Formats::dnsSubdomain);
      }
    }
    if (spec.at("ingressClassName").isSet()) {
      spec.at("ingressClassName").mustBe(Formats::dnsSubdomain);
    }
  }

  private static void host(FieldValue host) {
    host.mayBe(isWildcard(host.string()) ? Formats::wildcardSubdomain : Formats::dnsSubdomain);
  }

  private static void paths(FieldValue rule) {
    FieldValue http = rule.at("http");
    if (!http.isSet()) {
      return;
    }
    http.at("paths").mustBeSet();
    for (FieldValue entry : http.at("paths").items()) {
      FieldValue type = entry.at("pathType");
      if (!type.isSet()) {
        type.required("pathType must be specified");
        continue;
      }
      FieldValue path = entry.at("path");
      switch (type.string()) {
        case "Exact", "Prefix" -> path(path);
        case "ImplementationSpecific" -> {
          if (!path.isEmpty()) {
            absolute(path);
          }
        }
        default -> type.notSupported(PATH_TYPES);
      }
      backend(entry.at("backend"));
    }
  }

  private static void absolute(FieldValue path) {
    if (!path.string().startsWith("/")) {
      path.invalid(path.string(), "must be an absolute path");
    }
  }

  private static void path(FieldValue path) {
    absolute(path);
    for (String part : BAD_PARTS) {
      if (path.string().contains(part)) {
        path.invalid("must not contain '" + part + "'");
      }
    }
    for (String end : BAD_ENDS) {
      if (path.string().endsWith(end)) {
        path.invalid("cannot end with '" + end + "'");
      }
    }
  }

  private static void backend(FieldValue backend) {
    FieldValue resource = backend.at("resource");
    FieldValue service = backend.at("service");
    if (resource.isSet() && service.isSet()) {
      backend.invalid("", "cannot set both resource and service backends");
    } else if (resource.isSet()) {
      ReferenceRules.typed(resource);
    } else if (service.isSet()) {
      service.at("name").mustBeSetAnd(Formats::dnsLabel);
      port(backend, service.at("port"));
    } else {
      backend.invalid("", "resource or service backend is required");
    }
  }

  private static void port(FieldValue backend, FieldValue port) {
    FieldValue name = port.at("name");
    FieldValue number = port.at("number");
    boolean hasNumber = number.integer() != 0;
    if (!name.isEmpty() && hasNumber) {
      backend.invalid("", "cannot set both port name & port number");
    } else if (!name.isEmpty()) {
      name.mustBe(Formats::portName);
    } else if (hasNumber) {
      number.mustBePort();
    } else {
      backend.required("port name or number is required");
    }
  }

  public static void status(FieldValue now, Struct before) {
    List<String> old =
        before.structs("status", "loadBalancer", "ingress").stream()
            .map(entry -> entry.string("ip"))
            .toList();
    for (FieldValue entry : now.at("status", "loadBalancer").at("ingress").items()) {
      if (!entry.at("ip").isEmpty()) {
        AddressRules.address(entry.at("ip"), old);
      }
      ServiceTrafficRules.hostName(entry.at("hostname"));
    }
  }
}
