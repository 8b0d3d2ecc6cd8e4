/// Values that any web server makes.
package dev.tiphys.secrets.generator.webhook;
