package dev.tiphys.apiserver.streaming;

import dev.tiphys.apiserver.http.Connectors;
import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.http.client.RequestTarget;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.io.IOException;
import java.io.InputStream;
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
      request.response().sendEmpty(204);
      return;
    }
    NodeAgent agent = agents.of(pod);
    try {
      HttpResponse<InputStream> answer = agents.get(agent, target(request, container));
      try (InputStream body = answer.body()) {
        if (answer.statusCode() != 200) {
          throw refusal(answer.statusCode(), body);
        }
        pass(body, request);
      }
    } catch (IOException e) {
      // once the answer has begun this only breaks it off: the client or the agent has gone
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

  private static RequestTarget target(ResourceRequest request, String container) {
    RequestTarget target =
        RequestTarget.of(
            "containerLogs", request.target().namespace(), request.target().name(), container);
    for (String option : OPTIONS) {
      String value = request.parameters().text(option);
      if (!value.isEmpty()) {
        target = target.with(option, value);
      }
    }
    return target;
  }

  private static void pass(InputStream body, ResourceRequest request)
      throws IOException, InterruptedException {
    LogOutput output = LogOutput.begin(request);
    Thread reader = Thread.currentThread();
    output.stream().onEnd(reader::interrupt); // a client that leaves ends the reading
    byte[] buffer = new byte[16 << 10];
    for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
      output.write(Arrays.copyOf(buffer, length));
    }
    output.stream().close();
  }
}
