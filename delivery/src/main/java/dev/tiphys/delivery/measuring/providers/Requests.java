package dev.tiphys.delivery.measuring.providers;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.NoAnswerException;
import dev.tiphys.client.outbound.Question;
import dev.tiphys.delivery.measuring.MeasuringException;

/// The requests of measurements.
record Requests(HttpTransport transport) {

  /// @throws MeasuringException if there is no answer
  Answer ask(Question question) throws InterruptedException {
    try {
      return transport.ask(question);
    } catch (NoAnswerException e) {
      throw new MeasuringException(String.valueOf(e.getMessage()));
    }
  }
}
