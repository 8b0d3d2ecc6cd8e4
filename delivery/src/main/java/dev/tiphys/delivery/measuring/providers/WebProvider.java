package dev.tiphys.delivery.measuring.providers;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.Question;
import dev.tiphys.client.outbound.Trust;
import dev.tiphys.delivery.measuring.Measurement;
import dev.tiphys.delivery.measuring.MeasuringException;
import dev.tiphys.delivery.measuring.Metric;
import dev.tiphys.delivery.measuring.Provider;
import dev.tiphys.object.JsonPath;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.World;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Measures by a request: what is at a path of the answer, or all of it.
public final class WebProvider implements Provider {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final World world;
  private final Requests requests;

  public WebProvider(World world, HttpTransport transport) {
    this.world = world;
    this.requests = new Requests(transport);
  }

  @Override
  public Measurement begin(Struct run, Metric metric) throws InterruptedException {
    Instant started = world.now();
    Struct web = metric.provider().struct("web");
    Question question = question(web);
    JsonPath path = path(web.string("jsonPath"));
    Answer answer = requests.ask(question);
    if (!answer.isSuccess()) {
      throw new MeasuringException("received non 2xx response code: " + answer.status());
    }
    Object result;
    String value;
    try {
      result = found(path, answer.json());
      value = Json.text(result);
    } catch (EncodingException e) {
      value = answer.body();
      result = value;
    }
    Instant now = world.now();
    return Measurement.taken(metric.judged(result, now), value, started, now);
  }

  private static JsonPath path(String text) {
    String inner = text.strip();
    if (inner.startsWith("{") && inner.endsWith("}")) {
      inner = inner.substring(1, inner.length() - 1).strip();
    }
    try {
      return JsonPath.parse(inner.startsWith("$") ? inner.substring(1) : inner);
    } catch (IllegalArgumentException e) {
      throw new MeasuringException(String.valueOf(e.getMessage()));
    }
  }

  private static Object found(JsonPath path, Object body) {
    Object found = path.first(body);
    if (found == null) {
      throw new MeasuringException(
          "Could not find JSONPath in body: result of web metric produced no value");
    }
    return found;
  }

  private static Question question(Struct web) {
    String method = web.has("method") ? web.string("method") : "GET";
    boolean hasJson = web.get("jsonBody") != null;
    if (web.has("body") && hasJson) {
      throw new MeasuringException(
          "use either Body or JSONBody; both cannot exists for WebMetric payload");
    }
    if ((web.has("body") || hasJson) && method.equals("GET")) {
      throw new MeasuringException(
          "Body/JSONBody can only be used with POST or PUT WebMetric Method types");
    }
    if (web.has("authentication", "oauth2", "tokenUrl")) {
      throw new MeasuringException("authentication by OAuth2 is not supported");
    }
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    web.structs("headers")
        .forEach(header -> headers.add(Map.entry(header.string("key"), header.string("value"))));
    Object json = web.get("jsonBody");
    if (json != null) {
      headers.add(Map.entry("Content-Type", "application/json"));
    }
    long seconds = web.integer("timeoutSeconds");
    return new Question(
        method,
        uri(web.string("url")),
        headers,
        json == null ? web.string("body") : Json.text(json),
        web.bool("insecure") ? Trust.ANY : Trust.SYSTEM,
        true,
        seconds > 0 ? Duration.ofSeconds(seconds) : TIMEOUT);
  }

  static URI uri(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getScheme() != null && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new MeasuringException("not a URL: \"" + url + "\"");
  }
}
