package dev.tiphys.apiserver.streaming;

import dev.tiphys.apiserver.http.Connectors;
import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.Reason;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// `pods/log`: what a container has written.
public final class LogConnector implements Connectors.Connector {

  private static final List<String> OPTIONS =
      List.of(
          "follow",
          "previous",
          "sinceSeconds",
          "sinceTime",
          "timestamps",
          "tailLines",
          "limitBytes");

  private final NodeAgents agents;

  public LogConnector(NodeAgents agents) {
    this.agents = agents;
  }

  @Override
  public void connect(ResourceRequest request) {
    LogOptions.check(request.parameters(), request.target().name());
    Struct pod =
        request
            .target()
            .endpoint()
            .registry()
            .get(request.target().namespace(), request.target().name())
            .object();
    String container = Containers.choose(pod, request.parameters().text("container"));
    if (pod.string("spec", "nodeName").isEmpty()) {
      // upstream answers with nothing as long as there is nowhere to ask
      request.answering().sendText(200, "");
      return;
    }
    NodeAgent agent = agents.of(pod);
    String path =
        "/containerLogs/"
            + request.target().namespace()
            + "/"
            + request.target().name()
            + "/"
            + container
            + query(request);
    try {
      HttpResponse<InputStream> answer = agents.get(agent, path);
      try (InputStream body = answer.body()) {
        if (answer.statusCode() != 200) {
          throw refusal(answer.statusCode(), body);
        }
        pass(body, request);
      }
    } catch (IOException e) {
      throw ApiException.internal("reading the log failed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ApiException refusal(int code, InputStream body) throws IOException {
    String text = new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
    return code == 404
        ? ApiException.of(Reason.NOT_FOUND, text)
        : code < 500 ? ApiException.badRequest(text) : ApiException.internal(text);
  }

  private static String query(ResourceRequest request) {
    StringBuilder query = new StringBuilder();
    for (String option : OPTIONS) {
      String value = request.parameters().text(option);
      if (!value.isEmpty()) {
        query.append(query.isEmpty() ? '?' : '&').append(option).append('=');
        query.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    }
    return query.toString();
  }

  private static void pass(InputStream body, ResourceRequest request)
      throws IOException, InterruptedException {
    ResponseStream stream =
        request.exchange().stream(200, request.answering().streamHeaders("text/plain"));
    Thread reader = Thread.currentThread();
    stream.onEnd(reader::interrupt); // a client that leaves ends the reading
    byte[] buffer = new byte[16 << 10];
    for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
      stream.write(Arrays.copyOf(buffer, length));
    }
    stream.close();
  }
}
