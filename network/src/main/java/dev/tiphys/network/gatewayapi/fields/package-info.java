/// What single fields of the Gateway API's objects mean.
package dev.tiphys.network.gatewayapi.fields;
