package dev.tiphys.schema.validation.extension;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;

/// Rules for where a webhook is called.
final class WebhookClientRules {

  private static final String FORM = "; desired format: https://host[/path]";

  private WebhookClientRules() {}

  static void url(FieldValue url) {
    GoUrl parsed;
    try {
      parsed = GoUrl.of(url.string());
    } catch (GoUrl.WrongUrl e) {
      url.required("url must be a valid URL: " + e.getMessage() + FORM);
      return;
    }
    if (!parsed.scheme().equals("https")) {
      url.invalid(parsed.scheme(), "'https' is the only allowed URL scheme" + FORM);
    }
    if (parsed.host().isEmpty()) {
      url.invalid("", "host must be specified" + FORM);
    }
    if (!parsed.user().isEmpty()) {
      url.invalid(parsed.user(), "user information is not permitted in the URL");
    }
    if (!parsed.fragment().isEmpty()) {
      url.invalid(parsed.fragment(), "fragments are not permitted in the URL");
    }
    if (!parsed.query().isEmpty()) {
      url.invalid(parsed.query(), "query parameters are not permitted in the URL");
    }
  }

  static void service(FieldValue service) {
    service.at("name").mustBeSet("service name is required");
    service.at("namespace").mustBeSet("service namespace is required");
    port(service.at("port"));
    path(service.at("path"));
  }

  static void port(FieldValue port) {
    if (port.integer() < 1 || port.integer() > 65535) {
      port.invalid(port.integer(), "port is not valid: must be between 1 and 65535, inclusive");
    }
  }

  private static void path(FieldValue path) {
    String text = path.string();
    if (text.isEmpty() || text.equals("/")) {
      return;
    }
    if (text.equals("//")) {
      path.invalid("segment[0] may not be empty");
      return;
    }
    if (!text.startsWith("/")) {
      path.invalid("must start with a '/'");
    }
    String steps = text.substring(1, text.endsWith("/") ? text.length() - 1 : text.length());
    int index = 0;
    for (String step : steps.split("/", -1)) {
      if (step.isEmpty()) {
        path.invalid("segment[" + index + "] may not be empty");
      } else {
        for (String problem : Formats.dnsSubdomain(step)) {
          path.invalid("segment[" + index + "]: " + problem);
        }
      }
      index++;
    }
  }
}
