package dev.tiphys.apiserver.streaming;

import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.List;

/// The part of a log that is wanted, checked by upstream's rules for PodLogOptions.
final class LogOptions {

  private static final List<String> STREAMS = List.of("All", "Stderr", "Stdout");

  private LogOptions() {}

  /// Refuses options that no log can be read with.
  static void check(Parameters parameters, String pod) {
    FieldErrors errors = new FieldErrors();
    if (parameters.number("tailLines", 0) < 0) {
      wrong(errors, parameters, "tailLines", "must be greater than or equal to 0");
    }
    if (parameters.number("limitBytes", 1) < 1) {
      wrong(errors, parameters, "limitBytes", "must be greater than 0");
    }
    checkTime(parameters.text("sinceTime"));
    if (parameters.has("sinceSeconds") && parameters.has("sinceTime")) {
      errors.add(
          new FieldError(
              FieldError.Type.FORBIDDEN,
              "[]",
              null,
              "at most one of `sinceTime` or `sinceSeconds` may be specified"));
    } else if (parameters.number("sinceSeconds", 1) < 1) {
      wrong(errors, parameters, "sinceSeconds", "must be greater than 0");
    }
    String stream = parameters.text("stream");
    if (!stream.isEmpty() && !STREAMS.contains(stream)) {
      errors.add(
          new FieldError(
              FieldError.Type.NOT_SUPPORTED,
              "stream",
              '"' + stream + '"',
              "supported values: \"All\", \"Stderr\", \"Stdout\""));
    }
    if (!errors.isEmpty()) {
      throw Invalid.refusal(new GroupKind("", "PodLogOptions"), pod, errors);
    }
  }

  private static void wrong(
      FieldErrors errors, Parameters parameters, String option, String detail) {
    errors.add(new FieldError(FieldError.Type.INVALID, option, parameters.text(option), detail));
  }

  private static void checkTime(String time) {
    try {
      if (!time.isEmpty()) {
        Timestamps.parse(time);
      }
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest(String.valueOf(e.getMessage()));
    }
  }
}
