package dev.tiphys.secrets.generator.webhook;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.generator.Generator;
import dev.tiphys.secrets.provider.webhook.WebhookCalls;
import dev.tiphys.template.Functions;
import java.util.Map;

/// Values that a web server answers: Webhook.
public final class WebhookGenerator implements Generator {

  @Override
  public String kind() {
    return "Webhook";
  }

  @Override
  public String field() {
    return "webhookSpec";
  }

  @Override
  public Map<String, byte[]> generate(Struct spec, Context context) throws InterruptedException {
    return new WebhookCalls(
            spec,
            false,
            context.references(),
            context.transport(),
            Functions.externalSecrets(context.world()))
        .ask(Map.of())
        .fields();
  }
}
