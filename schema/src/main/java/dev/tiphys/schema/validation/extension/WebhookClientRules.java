package dev.tiphys.schema.validation.extension;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.net.URI;
import java.net.URISyntaxException;

/// Rules for where a webhook is called.
final class WebhookClientRules {

  private static final String FORM = "; desired format: https://host[/path]";

  private WebhookClientRules() {}

  static void url(FieldValue url) {
    URI uri;
    try {
      uri = new URI(url.string());
    } catch (URISyntaxException e) {
      url.required("url must be a valid URL: " + e.getMessage() + FORM);
      return;
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    if (!scheme.equals("https")) {
      url.invalid(scheme, "'https' is the only allowed URL scheme" + FORM);
    }
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    int at = authority.lastIndexOf('@');
    if (authority.length() == at + 1) {
      url.invalid("", "host must be specified" + FORM);
    }
    if (at >= 0) {
      url.invalid(authority.substring(0, at), "user information is not permitted in the URL");
    }
    if (uri.getFragment() != null && !uri.getFragment().isEmpty()) {
      url.invalid(uri.getFragment(), "fragments are not permitted in the URL");
    }
    if (uri.getRawQuery() != null && !uri.getRawQuery().isEmpty()) {
      url.invalid(uri.getRawQuery(), "query parameters are not permitted in the URL");
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
