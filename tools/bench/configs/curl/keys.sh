# Creates keys with a request for each (create), or lists them page by page to see what there is (check).
set -e
user="$CLARIFAI_API_BASE/v2/users/$CLARIFAI_USER_ID"
scopes='["Apps:Get","Concepts:Get","Models:Get","Predict","Workflows:Get"]'

call() {
  curl "$@" --silent ${TF_LOG:+--verbose} --show-error --fail \
    --header "Authorization: Key $CLARIFAI_PAT" --header 'Content-Type: application/json'
}

case $1 in
create)
  for ((i = 0; i < TF_VAR_keys; i++)); do
    call "$user/keys" --data '{"keys":[{"description":"key '$i'","scopes":'"$scopes"',"apps":[{"id":"compare","user_id":"'"$CLARIFAI_USER_ID"'"}]}]}'
  done
  ;;
check)
  for ((page = 1; ; page++)); do
    answer=$(call "$user/apps/compare/keys?page=$page&per_page=1000")
    echo "$answer"
    [[ $answer == *'"id":'* ]] || break
  done
  ;;
esac
