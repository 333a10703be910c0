// Package advice holds tests that follow the advice of the provider's messages.
package advice
