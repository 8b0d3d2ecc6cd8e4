package dev.tiphys.delivery.measuring.providers;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.Question;
import dev.tiphys.client.outbound.Trust;
import dev.tiphys.delivery.condition.Condition;
import dev.tiphys.delivery.condition.ConditionException;
import dev.tiphys.delivery.condition.GoNumbers;
import dev.tiphys.delivery.measuring.Measurement;
import dev.tiphys.delivery.measuring.MeasuringException;
import dev.tiphys.delivery.measuring.Metric;
import dev.tiphys.delivery.measuring.Provider;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.world.World;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Measures by a query of Prometheus. A scalar is a number; all other results are lists of numbers,
/// whatever series they come from.
public final class PrometheusProvider implements Provider {

  private static final long TIMEOUT = 30;

  private final World world;
  private final Requests requests;

  public PrometheusProvider(World world, HttpTransport transport) {
    this.world = world;
    this.requests = new Requests(transport);
  }

  @Override
  public Struct metadata(Metric metric) {
    String query = metric.provider().string("prometheus", "query");
    return query.isEmpty() ? Struct.EMPTY : Struct.of("ResolvedPrometheusQuery", query);
  }

  @Override
  public Measurement begin(Struct run, Metric metric) throws InterruptedException {
    Instant started = world.now();
    Struct spec = metric.provider().struct("prometheus");
    Struct body = answered(requests.ask(question(spec)));
    Struct data = body.struct("data");
    Object result;
    String value;
    if (data.string("resultType").equals("scalar")) {
      double number = number(data.list("result"));
      result = number;
      value = GoNumbers.text(number);
    } else {
      List<Double> numbers = numbers(data);
      result = numbers;
      value = numbers.stream().map(GoNumbers::text).collect(Collectors.joining(",", "[", "]"));
    }
    Instant now = world.now();
    Measurement taken = Measurement.taken(metric.judged(result, now), value, started, now);
    List<String> warnings = body.strings("warnings");
    return warnings.isEmpty()
        ? taken
        : taken.withMetadata(Struct.of("warnings", "\"" + String.join("\", \"", warnings) + "\""));
  }

  private Question question(Struct spec) {
    String address = spec.string("address");
    if (address.isEmpty()) {
      throw new MeasuringException("prometheus address is not configured");
    }
    URI base;
    try {
      base = WebProvider.uri(address);
    } catch (MeasuringException e) {
      throw new MeasuringException("prometheus address is not is url format");
    }
    long timeout = spec.has("timeout") ? spec.integer("timeout") : TIMEOUT;
    if (timeout < 0) {
      throw new MeasuringException("prometheus timeout should not be negative");
    }
    boolean range = spec.has("rangeQuery");
    Map<String, String> form = new LinkedHashMap<>();
    form.put("query", spec.string("query"));
    if (range) {
      addRange(form, spec.struct("rangeQuery"));
    } else {
      form.put("time", seconds(world.now()));
    }
    String path = base.toString().replaceAll("/+$", "") + "/api/v1/query" + (range ? "_range" : "");
    return new Question(
        "POST",
        URI.create(path),
        headers(spec),
        encoded(form),
        spec.bool("insecure") ? Trust.ANY : Trust.SYSTEM,
        true,
        Duration.ofSeconds(timeout));
  }

  private void addRange(Map<String, String> form, Struct range) {
    form.put("start", seconds(moment(range, "start")));
    form.put("end", seconds(moment(range, "end")));
    try {
      double step = GoDuration.nanos(range.string("step")) / 1e9;
      form.put("step", GoNumbers.text(step));
    } catch (IllegalArgumentException e) {
      throw new MeasuringException(
          "failed to parse rangeQuery.step as duration: " + e.getMessage());
    }
  }

  private Instant moment(Struct range, String field) {
    try {
      return Condition.of(range.string(field)).moment(world.now());
    } catch (ConditionException e) {
      throw new MeasuringException(
          "failed to parse rangeQuery." + field + " as time: " + e.message());
    }
  }

  private static String seconds(Instant moment) {
    return "%d.%03d".formatted(moment.getEpochSecond(), moment.getNano() / 1_000_000);
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static List<Map.Entry<String, String>> headers(Struct spec) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers.add(Map.entry("Content-Type", "application/x-www-form-urlencoded"));
    spec.structs("headers")
        .forEach(header -> headers.add(Map.entry(header.string("key"), header.string("value"))));
    Struct authentication = spec.struct("authentication");
    Struct basic = authentication.struct("basicAuth");
    if (!basic.isEmpty()) {
      for (String field : List.of("username", "password")) {
        if (basic.string(field).isEmpty()) {
          throw new MeasuringException(
              "missing mandatory parameter in metric for basic auth setup: " + field);
        }
      }
      String proof = basic.string("username") + ":" + basic.string("password");
      headers.add(
          Map.entry(
              "Authorization",
              "Basic "
                  + Base64.getEncoder().encodeToString(proof.getBytes(StandardCharsets.UTF_8))));
    }
    for (String kind : List.of("oauth2", "sigv4")) {
      if (!authentication.struct(kind).isEmpty()) {
        throw new MeasuringException("authentication by " + kind + " is not supported");
      }
    }
    return headers;
  }

  private static Struct answered(Answer answer) {
    Struct body;
    try {
      body = answer.json() instanceof Struct struct ? struct : Struct.EMPTY;
    } catch (EncodingException e) {
      throw new MeasuringException(
          answer.isSuccess()
              ? "bad_response: " + e.getMessage()
              : "server_error: server error: " + answer.status());
    }
    if (!body.string("status").equals("success")) {
      throw new MeasuringException(body.string("errorType") + ": " + body.string("error"));
    }
    return body;
  }

  private static List<Double> numbers(Struct data) {
    List<Double> all = new ArrayList<>();
    String type = data.string("resultType");
    for (Struct series : data.structs("result")) {
      switch (type) {
        case "vector" -> all.add(number(series.list("value")));
        case "matrix" ->
            series
                .list("values")
                .forEach(
                    sample -> all.add(number(sample instanceof List<?> pair ? pair : List.of())));
        default -> throw new MeasuringException("Prometheus metric type not supported");
      }
    }
    if (!type.equals("vector") && !type.equals("matrix")) {
      throw new MeasuringException("Prometheus metric type not supported");
    }
    return List.copyOf(all);
  }

  /// The value of a sample: a time, and a number as a text.
  private static double number(List<?> sample) {
    try {
      return GoNumbers.parse(sample.size() == 2 ? String.valueOf(sample.get(1)) : "");
    } catch (NumberFormatException e) {
      throw new MeasuringException("bad_response: not a sample: " + sample);
    }
  }
}
