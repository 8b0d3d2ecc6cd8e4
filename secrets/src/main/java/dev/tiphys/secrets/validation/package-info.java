/// What objects are refused for, before anything is done with them: what the original's webhooks
/// refuse, in their words.
package dev.tiphys.secrets.validation;
