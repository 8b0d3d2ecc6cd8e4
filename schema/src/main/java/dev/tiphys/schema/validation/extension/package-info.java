/// Rules for what extends the API: definitions, webhooks, admission policies, API services.
package dev.tiphys.schema.validation.extension;
