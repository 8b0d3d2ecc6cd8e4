package dev.tiphys.secrets.provider.aws.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// AWS in one region, with an account whose keys are [#ACCESS_KEY] and [#SECRET_KEY].
public final class AwsServer implements AutoCloseable {

  public static final String REGION = "eu-central-1";
  public static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
  public static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

  public final SecretsService secrets = new SecretsService();
  public final ParametersService parameters = new ParametersService();

  /// What was asked, in order: `GetSecretValue AKIA...`.
  public final List<String> asked = new CopyOnWriteArrayList<>();

  /// The forms that the token service was sent.
  public final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();

  /// What the next requests are answered with instead.
  public final Deque<Failure> failures = new ArrayDeque<>();

  /// By how much this clock is ahead of the test's.
  public Duration ahead = Duration.ZERO;

  /// For how long temporary credentials are good.
  public Duration life = Duration.ofMinutes(15);

  /// An answer to come.
  public record Failure(int status, String code, String message) {}

  private final World world;
  private final HttpServer server;
  private final Verifier verifier = new Verifier();
  private int sessions;

  public AwsServer(World world) throws IOException {
    this.world = world;
    verifier.keys.put(ACCESS_KEY, new Verifier.Key(SECRET_KEY, "", Instant.MAX));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(command -> Thread.ofVirtual().start(command));
    server.start();
  }

  /// Where it is.
  public String place() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The variables that lead to it.
  public Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>();
    for (String name : List.of("SECRETSMANAGER", "SSM", "STS", "ECR", "ECR_PUBLIC")) {
      variables.put("AWS_" + name + "_ENDPOINT", place());
    }
    variables.put("AWS_EC2_METADATA_DISABLED", "true");
    return variables;
  }

  /// How often an operation was asked for.
  public long count(String operation) {
    return asked.stream().filter(each -> each.startsWith(operation + " ")).count();
  }

  /// Takes all temporary credentials back.
  public void expire() {
    verifier.keys.replaceAll(
        (_, key) ->
            key.token().isEmpty() ? key : new Verifier.Key(key.secret(), key.token(), Instant.MIN));
  }

  private Instant now() {
    return world.now().plus(ahead);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Headers headers = exchange.getRequestHeaders();
    String target = headers.getFirst("X-Amz-Target");
    exchange.getResponseHeaders().set("x-amzn-RequestId", "11112222-3333");
    int status = 200;
    String text;
    try {
      text = target == null ? tokens(headers, body) : json(target, headers, body);
    } catch (Refusal e) {
      status = e.status;
      text = target == null ? xml(e) : error(e);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String error(Refusal e) {
    String type = "com.amazonaws.service#" + e.code;
    return Json.text(Struct.of("__type", type, "Message", String.valueOf(e.getMessage())));
  }

  private static String xml(Refusal e) {
    return "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
        + "<Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
            .formatted(e.code, e.getMessage());
  }

  private synchronized String json(String target, Headers headers, byte[] body) {
    String operation = target.substring(target.indexOf('.') + 1);
    if (!"application/x-amz-json-1.1".equals(headers.getFirst("Content-Type"))) {
      throw new Refusal(415, "UnsupportedMediaType", "");
    }
    String service =
        switch (target.substring(0, target.indexOf('.'))) {
          case "secretsmanager" -> "secretsmanager";
          case "AmazonSSM" -> "ssm";
          case "AmazonEC2ContainerRegistry_V20150921" -> "ecr";
          case "SpencerFrontendService" -> "ecr-public";
          default -> throw new Refusal("UnknownOperationException", target);
        };
    String region = service.equals("ecr-public") ? "us-east-1" : REGION;
    String key = verifier.verify(service, region, "POST", headers, body, now());
    asked.add(operation + " " + key);
    fail();
    Struct parameters = Json.struct(body);
    Struct answer =
        switch (service) {
          case "secretsmanager" -> secrets.call(operation, parameters);
          case "ssm" -> parameters(operation, parameters);
          default -> login(service);
        };
    return answer.isEmpty() ? "{}" : Json.text(answer);
  }

  private Struct parameters(String operation, Struct parameters) {
    return this.parameters.call(operation, parameters);
  }

  private void fail() {
    Failure failure = failures.poll();
    if (failure != null) {
      throw new Refusal(failure.status, failure.code, failure.message);
    }
  }

  private static Struct login(String service) {
    String token = Base64.getEncoder().encodeToString("AWS:login".getBytes(StandardCharsets.UTF_8));
    Struct data = Struct.of("authorizationToken", token, "expiresAt", 1.7e9);
    return service.equals("ecr")
        ? Struct.of(
            "authorizationData",
            List.of(data.with("proxyEndpoint", "https://1234.dkr.ecr.eu-central-1.amazonaws.com")))
        : Struct.of("authorizationData", data);
  }

  private synchronized String tokens(Headers headers, byte[] body) {
    Map<String, String> form = new TreeMap<>();
    for (String each : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
      String[] parts = each.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    String operation = String.valueOf(form.get("Action"));
    boolean signed = operation.equals("AssumeRole");
    String key = signed ? verifier.verify("sts", REGION, "POST", headers, body, now()) : "unsigned";
    asked.add(operation + " " + key);
    forms.add(form);
    fail();
    if (!"2011-06-15".equals(form.get("Version"))
        || !String.valueOf(form.get("RoleArn")).startsWith("arn:aws:iam::")
        || !signed && String.valueOf(form.get("WebIdentityToken")).isEmpty()) {
      throw new Refusal("ValidationError", "a parameter is wrong");
    }
    String id = "ASIA" + ++sessions;
    Instant end = now().plus(life);
    verifier.keys.put(id, new Verifier.Key("secret-of-" + id, "token-of-" + id, end));
    return """
        <%1$sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%1$sResult>
        <Credentials><AccessKeyId>%2$s</AccessKeyId><SecretAccessKey>secret-of-%2$s</SecretAccessKey>
        <SessionToken>token-of-%2$s</SessionToken><Expiration>%3$s</Expiration></Credentials>
        </%1$sResult></%1$sResponse>
        """
        .formatted(operation, id, end);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
